"""Migrations are numbered, say what they do, and hold nothing that a live or distributed city can't take."""

from guard import migrations, shape

FILES = sorted(migrations.FOLDER.glob("*.sql"))


def test_names_stand_in_one_line() -> None:
    assert migrations.name_faults([file.name for file in FILES], shape.LAYERS) == []


def test_texts_are_safe() -> None:
    assert [fault for file in FILES for fault in migrations.text_faults(file.name, file.read_text())] == []


def test_the_name_check_can_fail() -> None:
    assert migrations.name_faults(["0001_core_a.sql", "0003_core_b.sql"], ["core"])
    assert migrations.name_faults(["0001_nobody_a.sql"], ["core"])
    assert migrations.name_faults(["first.sql"], ["core"])


def test_the_text_check_can_fail() -> None:
    good = "-- expand\n-- A table.\nCREATE TABLE a.b (c int);\n"
    assert migrations.text_faults("x", good) == []
    assert migrations.text_faults("x", good.removeprefix("-- expand\n"))
    assert migrations.text_faults("x", good + "CREATE TRIGGER t AFTER INSERT ON a.b EXECUTE FUNCTION f();")
    assert migrations.text_faults("x", good.replace("c int", "c bigserial"))
    assert migrations.text_faults("x", good + "ALTER TABLE a.b DROP COLUMN c;")
