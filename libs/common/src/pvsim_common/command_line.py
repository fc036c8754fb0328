"""Settings on the command line: flags and help made from the fields, mistakes told in one line."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn, get_args

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, CliSettingsSource

from pvsim_common.logs import without_passwords


def is_secret(settings_class: type[BaseSettings], name: str) -> bool:
    """Whether a setting is a secret, which has no argument and is never shown."""
    annotation = settings_class.model_fields[name].annotation
    return annotation is SecretStr or SecretStr in get_args(annotation)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the whole usage; its help ends with examples, line by line as given."""

    examples = ""

    def format_help(self) -> str:
        """What --help prints."""
        return super().format_help() + self.examples

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and the message."""
        self.exit(2, f"{self.prog}: error: {message} (see {self.prog} --help)\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End with a message that holds no password."""
        super().exit(status, message and without_passwords(message))


def parser(settings_class: type[BaseSettings], program: str, prefixes: Sequence[str], examples: str = "") -> Parser:
    """The parser of a program; its help names the prefixes of the variables that say the same as the flags."""
    secrets = [name for name in settings_class.model_fields if is_secret(settings_class, name)]
    variables = " or ".join(f"{prefix}<NAME>" for prefix in prefixes)
    made = Parser(
        prog=program,
        description=settings_class.__doc__,
        epilog=f"Each setting is also {variables} in the environment or in .env"
        f"{' (only there: ' + ', '.join(secrets) + ')' if secrets else ''}. "
        "A value that begins with a minus wants an equals sign: --start=-24h",
        allow_abbrev=False,
    )
    made.examples = examples
    return made


def source(
    settings_class: type[BaseSettings], parser: argparse.ArgumentParser, arguments: list[str]
) -> CliSettingsSource[argparse.ArgumentParser]:
    """What the arguments say, without flags for secrets."""
    secrets = {"--" + n.replace("_", "-") for n in settings_class.model_fields if is_secret(settings_class, n)}

    def add_argument(parent: Any, *names: str, **options: Any) -> Any:  # noqa: ANN401 - argparse's own signature
        if secrets.isdisjoint(names):
            field = settings_class.model_fields[options["dest"]]
            options |= {
                "metavar": "…",
                "help": f"{field.description} (default: {default_text(field)})".replace("%", "%%"),
            }
            return parent.add_argument(*names, **options)
        return None

    return CliSettingsSource(
        settings_class,
        root_parser=parser,
        cli_parse_args=arguments,
        cli_kebab_case=True,
        parse_args_method=argparse.ArgumentParser.parse_args,
        add_argument_method=add_argument,
        add_argument_group_method=argparse.ArgumentParser.add_argument_group,
        add_parser_method=None,
        add_subparsers_method=None,
    )


def default_text(field: FieldInfo) -> str:
    """The default of a setting, as one would write it."""
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default is None:
        return "none"
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, list):
        return ",".join(str(part) for part in default)
    return f"{default:g}" if isinstance(default, float) else str(default)


def explanations(settings_class: type[BaseSettings], error: ValidationError) -> list[str]:
    """One line for each thing that is wrong, with the setting's name and its value; never that of a secret."""
    lines = []
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0]) if detail["loc"] else ""
        message = detail["msg"].removeprefix("Value error, ")
        if not name:
            lines.append(message)
        elif is_secret(settings_class, name):
            lines.append(f"{name}: {message}")
        else:
            lines.append(f"{name}: {message[0].lower()}{message[1:]}, not {detail['input']!r}")
    return lines
