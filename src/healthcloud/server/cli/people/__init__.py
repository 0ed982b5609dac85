"""`healthcloud people`: the person index from the command line; a module for each subject."""

import typer

from healthcloud.server.cli.people import importing, indexing, linking, quality

app = typer.Typer(help="人员主索引。", no_args_is_help=True)
app.command("import")(importing.import_file)
app.command("index")(indexing.index_persons)
for command in (linking.link, linking.models, linking.adopt, quality.quality):
    app.command()(command)
