"""`healthcloud people`: the person index from the command line; a module for each subject."""

import typer

app = typer.Typer(help="人员主索引。", no_args_is_help=True)
