"""Which calls are log calls, and which logger they are made on."""

from collections.abc import Mapping

import pytest

from medpro_audit.core.config import Config, LoggingConfig
from medpro_audit.model.subjects import LogCall
from model.memory import repository

PACKAGE = '{"name": "clinic", "dependencies": {"express": "^5.1.0"}, "scripts": {"start": "node server.js"}}'
WINSTON = "const winston = require('winston');\nmodule.exports = winston.createLogger({});\n"


def log_calls(files: Mapping[str, str], config: Config | None = None) -> tuple[LogCall, ...]:
    """Log calls of a back end whose modules are all meant to be loaded by others."""
    modules = {path: f"{text}\nexports.used = 1;" for path, text in files.items()}
    return repository({"package.json": PACKAGE, **modules}, config).log_calls


def loggers(files: Mapping[str, str], config: Config | None = None) -> dict[str, str]:
    """The logger of the only log call of each file."""
    return {call.file: call.logger for call in log_calls(files, config)}


def calls(files: Mapping[str, str]) -> dict[str, LogCall]:
    """Log calls by the text of their first line."""
    return {call.snippet: call for call in log_calls(files)}


def only(source: str, **files: str) -> LogCall | None:
    """The only log call of a file, if it has any."""
    given = {f"{name}.js": text for name, text in files.items()}
    found = [call for call in log_calls({**given, "x.js": source}) if call.file == "x.js"]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    "source",
    [
        "Math.log(2)",
        "function f(res) { res.error('no'); }",
        "const { toast } = require('react-toastify'); toast.error('no');",
        "const chalk = require('chalk'); chalk.error('red');",
        "const cache = new Map(); cache.info();",
        "class A { log() {} run() { this.log('x'); } }",
        "const api = { error(res) { console.dir; res.json(); } }; api.error({});",
        "require('knex').schema.table('visits');",
        "// logger.info('in a comment')\nconst text = \"console.log('in a string')\";",
    ],
)
def test_what_is_no_logger_is_left_out(source: str) -> None:
    """A method with the name of a level is no evidence."""
    assert only(source) is None


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("const winston = require('winston'); winston.info('x');", "winston"),
        ("const { createLogger } = require('winston'); const log = createLogger(); log.info('x');", "winston"),
        ("import pino from 'pino'; const log = pino({ level: 'info' }); log.info('x');", "pino"),
        ("import { pino as make } from 'pino'; const log = make().child({ a: 1 }); log.warn('x');", "pino"),
        ("const log = require('bunyan').createLogger({ name: 'x' }); function f() { log.info('x'); }", "bunyan"),
        ("import log4js = require('log4js'); log4js.getLogger('x').info('x');", "log4js"),
        ("let log; log = require('loglevel'); log.info('x');", "loglevel"),
        ("const log = process.env.QUIET ? null : require('signale'); log?.info('x');", "signale"),
        ("import { Logger } from 'tslog'; class A { log = new Logger(); f() { this.log.info('x'); } }", "tslog"),
        (
            "const pino = require('pino'); function A() { const self = this; this.log = pino(); self.log.info('x'); }",
            "pino",
        ),
        ("import { Logger } from '@nestjs/common'; const l = new Logger('x'); l.verbose('x');", "@nestjs/common"),
    ],
)
def test_a_logger_is_known_by_its_package(source: str, package: str) -> None:
    """Whatever it is called and however it is made."""
    suffixed = {"x.ts": source}
    found = list(calls(suffixed).values())
    assert [call.package for call in found] == [package]


@pytest.mark.parametrize(
    "module",
    [
        WINSTON,
        "const { createLogger } = require('winston');\nconst logger = createLogger();\nmodule.exports = logger;",
        (
            "const winston = require('winston');\nclass Log { constructor() { this.inner = winston.createLogger(); }\n"
            "info(m, f) { this.inner.info(m, f); }\nerror(m, f) { this.inner.error(m); } }\nmodule.exports = new Log();"
        ),
        (
            "const w = require('winston').createLogger();\n"
            "module.exports = { info: (...a) => w.info(...a), error: (...a) => w.error(...a) };"
        ),
        (
            "const w = require('winston').createLogger();\nfunction write(level, text) { w[level](text); }\n"
            "exports.info = (t, f) => write('info', t);\nexports.error = (t, f) => write('error', t);"
        ),
    ],
)
def test_a_module_of_the_project_is_a_logger_by_what_it_ends_in(module: str) -> None:
    """Made from a package, or written by hand around one."""
    call = only("const logger = require('./logger');\nlogger.error('x', {});", logger=module)
    assert call is not None
    assert (call.logger, call.package, call.takes_fields) == ("canonical", "winston", True)


def test_a_logger_written_around_the_console_is_one() -> None:
    """And where it writes itself is not reported: that is what it is for."""
    module = "module.exports = {\n  info(m) { console.log(m); },\n  error(m) { console.error(m); },\n};"
    found = log_calls({"log.js": module, "x.js": "require('./log').error('x');"})
    assert [(call.file, call.logger, call.package) for call in found] == [("x.js", "canonical", None)]


def test_a_logger_may_hand_over_what_it_prints_with() -> None:
    """A class of static methods that all end in one."""
    module = (
        "class Log {\n  static error(...m) { Log.print('E', console.error, ...m); }\n"
        "  static info(...m) { Log.print('I', console.log, ...m); }\n"
        "  static print(tag, write, ...m) { write(tag, ...m); }\n}\nmodule.exports = Log;"
    )
    found = log_calls({"log.js": module, "x.js": "require('./log').error('x');"})
    assert [(call.file, call.logger) for call in found if call.file == "x.js"] == [("x.js", "canonical")]


def test_one_method_that_prints_makes_no_logger() -> None:
    """``ApiResponse.error`` answers a request; that it also prints is no matter."""
    module = "module.exports = { error(res, m) { console.error(m); res.json({ m }); } };"
    assert only("const answer = require('./answer');\nanswer.error(res, 'x');", answer=module) is None


def test_reexports_lead_to_the_logger() -> None:
    """A barrel is not another logger."""
    barrel = "export { default as logger } from './log.js';\n"
    module = "import pino from 'pino';\nexport default pino();\n"
    files = {
        "src/log.js": module,
        "src/index.js": barrel,
        "a.js": "import { logger } from './src/index.js';\nlogger.info('a');",
        "b.js": "import logger from './src/log.js';\nlogger.info('b');",
    }
    assert set(loggers(files).values()) == {"canonical"}


def test_a_parameter_is_known_by_its_type() -> None:
    """An interface that the logger's module declares is as good as an import of the logger."""
    files = {
        "log.ts": "import winston from 'winston';\nexport interface Log { info(m: string): void }\n"
        "export default winston.createLogger();",
        "a.ts": "import { Log } from './log';\nexport class A { constructor(private readonly log: Log) {}\n"
        "run() { this.log.info('field'); } }",
        "b.ts": "import type { Log } from './log';\nexport const b = ({ log }: { log: Log }) => log.info('object');",
        "c.ts": "import logger from './log';\nlogger.info('import');",
        "d.ts": "import { Log } from './log';\nclass D { constructor(log: Log) { this.log = log; }\n"
        "f() { this.log.info('assigned'); } }",
    }
    found = calls(files)
    assert {text: call.logger for text, call in found.items()} == dict.fromkeys(found, "canonical")
    assert len(found) == 4


def test_a_name_alone_is_unknown() -> None:
    """``logger`` that comes from nowhere is supposed to log, and no verdict is given on it."""
    found = calls({"x.js": "module.exports = (logger, thing) => { logger.info('a'); thing.info('b'); };"})
    assert {text: call.logger for text, call in found.items()} == {"logger.info('a')": "unknown"}


def test_the_console_may_be_shadowed_or_global() -> None:
    """What counts is the console, not the word."""
    assert only("const console = require('./fake'); console.log('x');", fake="exports.log = () => {};") is None
    call = only("global.console.error('x');")
    assert call is not None
    assert call.logger == "console"


def test_the_logger_that_most_modules_use_is_canonical() -> None:
    """Another instance of the same package is another logger."""
    files = {
        "log.js": WINSTON,
        "a.js": "require('./log').info('a');",
        "b.js": "require('./log').info('b');",
        "c.js": "const winston = require('winston'); const mine = winston.createLogger(); mine.info('c');",
        "d.js": "const winston = require('winston'); winston.info('d');",
    }
    assert loggers(files) == {"a.js": "canonical", "b.js": "canonical", "c.js": "other", "d.js": "other"}


def test_the_most_modules_decide_not_the_most_calls() -> None:
    """Nor the alphabet."""
    files = {f"{name}.js": "require('./log').info('x');" for name in "abc"}
    files["bunyan.js"] = "const b = require('bunyan'); b.info(1)" + "; b.info(2)" * 5
    assert set(loggers({"log.js": WINSTON, **files}).items()) == {
        ("a.js", "canonical"),
        ("b.js", "canonical"),
        ("bunyan.js", "other"),
        ("c.js", "canonical"),
    }


def test_the_default_logger_of_a_package_is_one_and_the_same() -> None:
    """Whether a module hands it on or not."""
    files = {f"{name}.js": "const log = require('./log');\nlog.info('x');" for name in "ab"}
    files["c.js"] = "require('winston').info('x');"
    log = "const winston = require('winston');\nwinston.level = 'debug';\nmodule.exports = winston;"
    assert set(loggers({"log.js": log, **files}).values()) == {"canonical"}


def test_loggers_made_where_they_are_used_are_one_by_their_package() -> None:
    """``log4js.getLogger('visits')`` in every module is one convention."""
    files = {f"{name}.js": f"const log = require('log4js').getLogger('{name}'); log.info('x');" for name in "abc"}
    assert set(loggers(files).values()) == {"canonical"}


@pytest.mark.parametrize("configured", ["old/log.js", "./old/log.js", "bunyan"])
def test_the_configuration_names_the_canonical_logger(configured: str) -> None:
    """However many modules use another."""
    files = {
        "log.js": WINSTON,
        "old/log.js": "module.exports = require('bunyan').createLogger({ name: 'x' });",
        "a.js": "require('./log').info('a');",
        "b.js": "require('./log').info('b');",
        "c.js": "require('./old/log').info('c');",
    }
    config = Config(logging=LoggingConfig(logger=configured))
    assert loggers(files, config) == {"a.js": "other", "b.js": "other", "c.js": "canonical"}


def test_the_backend_says_which_logger_it_has_settled_on() -> None:
    """As the module that makes it."""
    server = "const app = require('express')();\nconst log = require('./log');\napp.get('/', (q, r) => r.end());\n"
    found = repository({"package.json": PACKAGE, "log.js": WINSTON, "server.js": server + "log.info('up');"})
    assert [backend.logger for backend in found.backends] == ["log.js"]


def test_a_call_is_described_by_its_first_line() -> None:
    """Place, level, receiver and a text that stays when the code moves."""
    call = only("const winston = require('winston');\n\nwinston.log('error', `x`, {\n  a: 1,\n});")
    assert call is not None
    assert (call.line, call.level, call.logger_name) == (3, "error", "winston")
    assert call.snippet == "winston.log('error', `x`, {"


def test_a_hostile_cycle_of_declarations_ends() -> None:
    """Names that lead to one another are given up."""
    source = "let a = b; let b = a; a.info('x'); const log = log.child(); log.info('y');"
    assert [call.logger for call in calls({"x.js": source}).values()] == ["unknown"]


@pytest.mark.parametrize(
    ("logger", "detour"),
    [
        ("require('winston').info('a');", "past the logger"),
        ("require('./unknown').info('a');", "and no logger of this back end is known"),
        ("", "and no logger of this back end is known"),
    ],
)
def test_a_console_is_only_past_a_logger_where_there_is_one(logger: str, detour: str) -> None:
    """A project without one is not told that it has it."""
    files = {"server.js": f"{logger}\nconsole.log('late');\nmodule.exports = 1;"}
    assert {call.detour for call in log_calls(files) if call.logger == "console"} == {detour}


def test_where_no_logger_can_be_used_the_console_may() -> None:
    """In what the logger itself loads, right before the process ends, and where it is about to."""
    files = {
        "server.js": "const log = require('./logger');\nlog.info('a');\nlog.info('b');\nconsole.log('late');",
        "logger.js": WINSTON + "require('./env');",
        "env.js": "if (!process.env.PORT) { console.error('no port'); }",
        "help.js": "exports.help = () => { console.log('usage');\n  process.exit(0); };",
        "fall.js": "process.on('uncaughtException', (e) => { console.error(e); leave(); });\nexports.x = 1;",
        "run.js": "exports.run = () => { console.log('runs'); if (x) { process.exit(1); } };",
    }
    found = {call.file: call.is_beyond_logger for call in log_calls(files) if call.logger == "console"}
    assert found == {"server.js": False, "env.js": True, "help.js": True, "fall.js": True, "run.js": False}


@pytest.mark.parametrize(
    ("path", "line", "is_beyond"),
    [
        ("utils/Logger.js", "exports.w = (text) => console.log(text);", True),
        ("log.js", "exports.w = (text) => console.log(text);", True),
        ("catalog.js", "exports.w = (text) => console.log(text);", False),
        ("ask.js", "const inquirer = require('inquirer'); exports.ask = () => console.log('well?');", True),
        ("ask.js", "exports.ask = () => console.log('well?');", False),
        (
            "q.js",
            "class Queue { log(text, ...more) { console.log(`[queue] ${text}`, ...more); } }\nexports.Q = Queue;",
            True,
        ),
        ("q.js", "const logLine = (text) => console.log('[queue]', text);\nexports.run = () => logLine('x');", True),
        ("q.js", "exports.logState = () => console.log('[queue]', state);", False),
        ("q.js", "exports.logErrors = (e, q, s, next) => { console.error(e); next(e); };", False),
        ("q.js", "exports.errorHandler = (error) => { if (error.url) console.error(error.url); };", False),
        ("q.js", "exports.login = (user) => { console.log(user); };", False),
    ],
)
def test_a_logger_and_a_dialogue_write_to_the_console(path: str, line: str, *, is_beyond: bool) -> None:
    """Whatever the methods of the logger are called."""
    [call] = log_calls({path: line})
    assert call.is_beyond_logger == is_beyond
    assert call.is_for_terminal == ("inquirer" in line)


@pytest.mark.parametrize(
    ("line", "is_structured"),
    [
        ("console.log(JSON.stringify({ level: 'info', event: 'saved', at: new Date().toISOString() }))", True),
        ("console.log(JSON.stringify({ visit }))", False),
        ("console.log(JSON.stringify(visit))", False),
        ("console.log('saved', JSON.stringify({ level: 'info', event: 'saved' }))", False),
    ],
)
def test_a_line_of_json_has_fields(line: str, *, is_structured: bool) -> None:
    """An object that is printed among other things is no line for machines."""
    call = only(line)
    assert call is not None
    assert call.is_structured == is_structured


@pytest.mark.parametrize(
    ("code", "tells"),
    [
        ("console.log('saved')", False),
        ("console.log(`saved ${visit.id}`, visit)", False),
        ("console.error('saved')", True),
        ("try { save(); } catch { console.log('not now'); }", True),
        ("save().catch((err) => console.log(err))", True),
        ("save().catch((oops) => console.log(oops.error))", True),
        ("console.log(`could not save ${visit.id}`)", True),
        ("console.log('Request failed with ' + status)", True),
        ("console.log('errand done')", False),
    ],
)
def test_a_line_tells_of_a_failure_or_not(code: str, *, tells: bool) -> None:
    """By its level, where it stands, its words, or the error that it is given."""
    call = only(code)
    assert call is not None
    assert call.tells_failure == tells


@pytest.mark.parametrize(
    ("code", "at_start"),
    [
        ("console.log('begin');", True),
        ("app.listen(3000, () => console.log('listening'));", True),
        ("function connect() { console.log('connected'); }\nconnect();", True),
        ("function connect() { console.error('failed'); }\nconnect();", False),
        ("try { connect(); } catch (e) { console.log(e); }", False),
        ("app.get('/x', (req, res) => { console.log('asked'); res.end(); });", False),
        ("load().then(() => { console.log('loaded'); });", True),
        ("process.on('unhandledRejection', (e) => console.log(e));", True),
        ("require('node-cron').schedule('* * * * *', () => console.log('again'));", False),
        ("require('node-cron').schedule('0 * * * *', () => load().then(() => console.log('again')));", False),
        ("require('mongoose').connection.on('connected', () => console.log('again'));", False),
        ("exports.unknown = () => console.log('who calls this');", False),
    ],
)
def test_what_is_told_at_start(code: str, *, at_start: bool) -> None:
    """Not what a request leads to, nor what may be called by anything, nor a failure."""
    call = only(f"const app = require('express')();\n{code}")
    assert call is not None
    assert call.at_start == at_start


def test_what_makes_an_answer_is_no_logger() -> None:
    """It may log besides: that is one line at one place, not one of each caller."""
    answers = """const log = require('./log');
    module.exports = {
      error: (e) => { log.warn(e); return e.toJSON(); },
      success: (given) => { log.info(given); return { given }; },
    };"""
    handler = "const answers = require('./answers'); exports.show = (req, res) => res.json(answers.error(req.failure));"
    found = log_calls({"log.js": WINSTON, "answers.js": answers, "show.js": handler})
    assert [(call.file, call.logger) for call in found] == [("answers.js", "canonical")] * 2


@pytest.mark.parametrize(
    ("code", "is_switched_on"),
    [
        ("if (verbose) console.log(visit);", True),
        ("if (config.shouldLog) { console.log('sent to', visit); }", True),
        ("if (process.env.NODE_ENV === 'development') console.log(visit);", True),
        ("if (debug) { visit = 1; } console.log(visit);", False),
        ("if (isLoggedIn) console.log(visit);", False),
        ("if (logs.length > 1) console.log(visit);", False),
        ("if (error) console.log(error);", False),
    ],
)
def test_a_line_that_is_off_by_default(code: str, *, is_switched_on: bool) -> None:
    """Whoever turns it on reads it at the terminal."""
    call = only(f"exports.show = (visit, error) => {{ {code} }};")
    assert call is not None
    assert call.is_switched_on == is_switched_on


@pytest.mark.parametrize(
    ("module", "has_logger"),
    [
        ("exports.logError = (m) => console.error(m);\nexports.logInfo = (m) => console.log(m);", True),
        (
            """const fs = require('fs');
            class Lines { write(m) { fs.appendFileSync('a', m); } tell(m) { this.write(m); } }
            const lines = new Lines();
            module.exports = { logError: (m) => lines.tell(m), logInfo: (m) => lines.tell(m) };""",
            True,
        ),
        ("exports.logError = (m) => console.error(m);", False),
        ("exports.logError = (m) => table.insert(m);\nexports.logInfo = (m) => table.insert(m);", False),
    ],
)
def test_functions_that_write_lines_are_a_logger(module: str, *, has_logger: bool) -> None:
    """A console that is written to elsewhere is past them; in the module itself it isn't."""
    found = log_calls({"services/lines.js": module, "x.js": "exports.f = () => { console.error('failed'); };"})
    assert {(call.has_logger, call.is_beyond_logger) for call in found if call.file == "x.js"} == {(has_logger, False)}
    assert all(call.is_beyond_logger for call in found if call.file != "x.js" and has_logger)


@pytest.mark.parametrize(
    ("start", "logger"),
    [
        ("console.error = withTime(console.error, 'Error');", "canonical"),
        ("console.error = (...given) => write('error', given);", "canonical"),
        ("console.error = () => {};", "console"),
        ("console.log = withTime(console.log);", "console"),
        ("function quiet() {\n  console.error = withTime(console.error);\n}", "console"),
    ],
)
def test_a_console_that_is_replaced_at_the_start_is_the_projects_logger(start: str, logger: str) -> None:
    """Method by method; to silence one makes no logger of it."""
    found = log_calls({"app.js": start, "x.js": "exports.f = () => { console.error('failed'); };"})
    assert [call.logger for call in found if call.file == "x.js"] == [logger]
