"""The measures, one a module: its docstring says what is measured and how, `NAME` is its name on the command line, `run` measures and returns figures."""
