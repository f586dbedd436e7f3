"""Sets Guiju up and runs it: `python3 dev.py tour` shows it at work, `python3 dev.py test` checks everything.

Needs Python 3.11 or newer and nothing else: only the standard library is imported, and what the lock names goes into .venv.
A second run installs nothing and needs no network.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    # Said before any line below is run, because an older Python fails on the annotations first.
    here = f"Python {sys.version.split()[0]} ({sys.executable})"
    print(f"规矩需要 Python 3.11 或更新版本，这里是 {here}。", file=sys.stderr)
    print(f"Guiju needs Python 3.11 or newer; this is {here}.", file=sys.stderr)
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    if newer:
        print(f"可改用 · try: {newer[0]} dev.py {' '.join(sys.argv[1:])}", file=sys.stderr)
    sys.exit(1)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")


def script(name: str) -> Path:
    """A program of .venv, wherever this system keeps it."""
    return SCRIPTS / (f"{name}.exe" if os.name == "nt" else name)


PYTHON = script("python")
POSTGRESQL_PACKAGE = "postgresql"
POSTGRESQL_VARIABLE = "GUIJU_POSTGRESQL"
OLDEST_NODE = 18
CREDENTIALS = ROOT / "tests" / "credentials"

CHECKS = (
    ("ruff check", ["ruff", "check", "."]),
    ("mypy --strict", ["mypy"]),
    ("lint-imports", ["lint-imports"]),
)

USAGE = """\
python3 dev.py tour                 装好并带你看一遍 · set up, then see Guiju at work
python3 dev.py tour --serve         最后打开工作台 · the same, and end in a running workbench
python3 dev.py test [pytest …]      装好并做全部检查 · set up, then run every check; what follows goes to pytest"""


Command = Sequence[str | Path]


class Stopped(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in ("tour", "test"):
        print(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        make_environment()
        if arguments[0] == "tour":
            install_lock("run")
            install_project()
            return run([script("guiju"), "tour", *arguments[1:]])
        install_lock("test")
        install_spark()
        require_postgresql()
        require_node()
        install_node_packages()
        install_token()
        install_project()
        return check_everything(arguments[1:])
    except (Stopped, OSError) as stopped:  # a file that is missing or may not be written says so in its own words
        print(stopped, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断 · interrupted", file=sys.stderr)
        return 130


def make_environment() -> None:
    """A .venv whose Python starts, is new enough and has pip; an existing one that has all this is kept."""
    if VENV.exists() and not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
        raise Stopped(f"{VENV} 不是虚拟环境，请移走后重试 · {VENV} is not a virtual environment: move it away and run this again")
    identity = identity_of_environment()
    if not identity or (stamp("identity").exists() and not is_installed("identity", identity)):
        require_ensurepip()
        note = "重建 .venv · making .venv anew" if VENV.exists() else "建立 .venv · making .venv"
        step(note, [sys.executable, "-m", "venv", "--clear", VENV])
    elif quiet([PYTHON, "-c", "import pip"]).returncode != 0:
        require_ensurepip()
        step("给 .venv 装 pip · adding pip to .venv", [PYTHON, "-m", "ensurepip"])
    stamp("identity").write_text(identity_of_environment(), encoding="utf-8")


def identity_of_environment() -> str:
    """Where .venv lies and which Python it runs: when either changes, its scripts or packages no longer fit. Empty: it does not start."""
    if not PYTHON.exists():
        return ""
    answer = quiet([PYTHON, "-c", f"import sys; sys.version_info >= {OLDEST} or sys.exit(1); print(sys.prefix, sys.version_info[:2])"])
    return answer.stdout.decode(errors="replace").strip() if answer.returncode == 0 else ""


def require_ensurepip() -> None:
    """Debian and Ubuntu keep the module that makes environments in a package of its own: install it, or say exactly which it is."""
    if quiet([sys.executable, "-c", "import venv, ensurepip; ensurepip.version()"]).returncode == 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if sys.base_prefix != "/usr" or not shutil.which("apt-get"):
        raise Stopped(
            f"{sys.executable} 缺少标准模块 venv 或 ensurepip，请补装或换一个完整的 Python\n"
            f"{sys.executable} lacks the standard modules venv or ensurepip: add them, or use a complete Python"
        )
    install_package(package)


def require_postgresql() -> None:
    """The store is tested on a real PostgreSQL: its programs are installed where that may be done, else it is said what is missing."""
    if postgresql_programs() is not None:
        return
    if not shutil.which("apt-get"):
        raise Stopped(
            f"缺少 PostgreSQL 的 initdb 与 postgres，请安装；不在 PATH 上时用 {POSTGRESQL_VARIABLE} 指出文件夹\n"
            f"initdb and postgres of PostgreSQL are missing: install them, and name their folder in {POSTGRESQL_VARIABLE} where it is not on PATH"
        )
    install_package(POSTGRESQL_PACKAGE)
    if postgresql_programs() is None:
        raise Stopped(f"装了 {POSTGRESQL_PACKAGE} 仍找不到 initdb · {POSTGRESQL_PACKAGE} is installed, but there is no initdb")


def postgresql_programs() -> Path | None:
    """The folder of the programs of PostgreSQL: named, on PATH, or the newest where Debian keeps them, which is not on PATH."""
    named, on_path = os.environ.get(POSTGRESQL_VARIABLE), shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: (len(folder.parent.name), folder.parent.name), reverse=True)
    folders = [*([Path(named)] if named else []), *([Path(on_path).resolve().parent] if on_path else []), *debian]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def require_node() -> None:
    """Certificates are judged in JavaScript too: Node.js and npm are installed where that may be done, else it is said what is missing."""
    missing = [package for program, package in (("node", "nodejs"), ("npm", "npm")) if not shutil.which(program)]
    if missing and not shutil.which("apt-get"):
        raise Stopped(
            f"缺少 Node.js {OLDEST_NODE} 或更新版本的 {' 与 '.join(missing)}，请安装\n"
            f"{' and '.join(missing)} of Node.js {OLDEST_NODE} or newer are missing: install them"
        )
    for package in missing:
        install_package(package)
    answer = quiet(["node", "--version"]).stdout.decode(errors="replace").strip()
    if int(answer.removeprefix("v").split(".")[0] or 0) < OLDEST_NODE:
        raise Stopped(f"需要 Node.js {OLDEST_NODE} 或更新版本，这里是 {answer} · Node.js {OLDEST_NODE} or newer is needed; this is {answer}")


def install_node_packages() -> None:
    """What tests/credentials/package-lock.json names, each proved by its hash; no script of theirs is run."""
    wanted = fingerprint(CREDENTIALS / "package.json", CREDENTIALS / "package-lock.json")
    if is_installed("node", wanted) and (CREDENTIALS / "node_modules").is_dir():
        return
    note = "安装核验证书的 JavaScript 库 · installing the JavaScript libraries that judge certificates"
    step(note, ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", CREDENTIALS])
    stamp("node").write_text(wanted, encoding="utf-8")


def install_token() -> None:
    """A token of PKCS#11 in software, where it may be installed; without it the test that signs with one says so and is skipped."""
    missing = [package for program, package in (("softhsm2-util", "softhsm2"), ("pkcs11-tool", "opensc")) if not shutil.which(program)]
    administrator = administrator_prefix() if missing and shutil.which("apt-get") else None
    if administrator is not None:
        note = "安装软件密码模块 · installing a token in software"
        succeeds(note, [*administrator, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends", *missing])


def install_package(package: str) -> None:
    """Installs a package of Debian or Ubuntu, or says how."""
    administrator = administrator_prefix()
    if administrator is None:
        raise Stopped(f"缺少 {package}，请先运行 · {package} is missing, first run:\n    sudo apt-get install {package}")
    apt = [*administrator, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    note, install = f"安装 {package} · installing {package}", [*apt, "install", "--yes", "--no-install-recommends", package]
    if not succeeds(note, install):
        step("更新软件包目录 · refreshing the package lists", [*apt, "update"])
        step(note, install)


def administrator_prefix() -> list[str] | None:
    """What to put before a command that needs root: nothing as root, sudo where it asks no password, None where neither holds."""
    if os.name == "nt":
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and quiet(["sudo", "-n", "true"]).returncode == 0 else None


def install_lock(name: str) -> None:
    """Everything requirements/NAME.txt names, each file proved by its hash; the lock `test` holds all of the lock `run`."""
    lock, wanted = lock_and_fingerprint(name)
    if is_installed(name, wanted):
        return
    for other in ("run", "test"):
        stamp(other).unlink(missing_ok=True)
    note = f"安装 {lock.name} 锁定的依赖，首次约一分钟 · installing what {lock.name} locks, about a minute the first time"
    step(note, [*pip_install(), "--require-hashes", "--requirement", lock])
    for held in {name, "run"}:
        stamp(held).write_text(lock_and_fingerprint(held)[1], encoding="utf-8")


def install_spark() -> None:
    """PySpark, where there is a Java to run it; without it, or when it cannot be had, the tests that need it say so and are skipped."""
    lock, wanted = lock_and_fingerprint("spark")
    if not shutil.which("java") or is_installed("spark", wanted):
        return
    note = "安装 PySpark，450 MB，首次约半分钟 · installing PySpark, 450 MB, about half a minute the first time"
    if succeeds(note, [*pip_install(), "--require-hashes", "--requirement", lock]):
        stamp("spark").write_text(wanted, encoding="utf-8")


def lock_and_fingerprint(name: str) -> tuple[Path, str]:
    lock = ROOT / "requirements" / f"{name}.txt"
    return lock, fingerprint(lock)


def install_project() -> None:
    """Guiju itself, pointing to this folder; built with what the lock installed, so no network is needed."""
    wanted = fingerprint(ROOT / "pyproject.toml", ROOT / "src" / "guiju" / "__init__.py")
    if is_installed("project", wanted) and script("guiju").exists():
        return
    note = "安装规矩本身 · installing Guiju itself"
    step(note, [*pip_install(), "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT])
    stamp("project").write_text(wanted, encoding="utf-8")


def pip_install() -> list[str | Path]:
    return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def fingerprint(*files: Path) -> str:
    """One hash over the files that say what to install."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def stamp(name: str) -> Path:
    """The file in .venv that keeps the fingerprint of what was installed."""
    return VENV / f"guiju-{name}.stamp"


def is_installed(name: str, wanted: str) -> bool:
    return stamp(name).exists() and stamp(name).read_text(encoding="utf-8") == wanted


def check_everything(pytest_arguments: Sequence[str]) -> int:
    """Every check in turn, pytest last so that its summary is the last line; not 0 when any of them failed."""
    failed = [name for name, command in CHECKS if not succeeds(f"检查 · {name}", [script(command[0]), *command[1:]])]
    if failed:
        print(f"未通过，先看上文 · failed, see above: {', '.join(failed)}")
    print("测试 · pytest")
    return run([PYTHON, "-m", "pytest", "-n", "2", *pytest_arguments]) or bool(failed)


def step(note: str, command: Command) -> None:
    """Runs one command of the set-up; what it prints is shown only when it fails, and then nothing more is done."""
    if not succeeds(note, command):
        raise Stopped("安装没有完成 · the set-up did not finish")


def succeeds(note: str, command: Command) -> bool:
    """Runs a command under one line with its time; prints what it said only when it failed."""
    print(f"{note} … ", end="", flush=True)
    start = time.perf_counter()
    finished = quiet(command)
    print(f"{time.perf_counter() - start:.1f} s {'✓' if finished.returncode == 0 else '✗'}", flush=True)
    if finished.returncode != 0:
        sys.stdout.buffer.write(finished.stdout)
        sys.stdout.flush()
    return finished.returncode == 0


def quiet(command: Command) -> subprocess.CompletedProcess[bytes]:
    """Runs a command and keeps what it says."""
    return subprocess.run(found(command), cwd=ROOT, env=activated(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def run(command: Command) -> int:
    """Runs a command that speaks for itself."""
    sys.stdout.flush()
    with subprocess.Popen(found(command), cwd=ROOT, env=activated()) as started:
        while True:
            try:
                return started.wait()
            except KeyboardInterrupt:  # it was told as well, and ends in its own time
                continue


def found(command: Command) -> Command:
    """The command itself, once its program is known to be there."""
    if not shutil.which(command[0]):
        raise Stopped(f"找不到 {command[0]}，请删除 .venv 后重试 · {command[0]} is missing: delete .venv and run this again")
    return command


def activated() -> dict[str, str]:
    """The environment of a shell in which .venv is active."""
    return {**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")])}


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without Chinese shows ?, and nothing breaks
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
