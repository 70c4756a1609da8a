# make demo    install what is needed, run the main job on the bundled clip, open the editor if there is a display
# make test    install what is needed, lint, type-check, check the import contracts, run the tests
# make help    the rest

PYTHON ?= $(shell for p in python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
SCREEN := xvfb-run -a -s "-screen 0 1920x1200x24"

RUN_PACKAGES := libportaudio2 libegl1 libgl1 libopengl0 libglx-mesa0 libgl1-mesa-dri libglib2.0-0 \
	libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 \
	libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 \
	libx11-xcb1 libxrender1 libxi6 libsm6 fonts-dejavu-core
TEST_PACKAGES := xvfb xauth libxxf86vm1 libxfixes3 libice6
TRAIN_PACKAGES := flite festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts festvox-ru \
	festvox-suopuhe-lj festvox-suopuhe-mv festvox-italp16k festvox-itapc16k festvox-czech-dita \
	festvox-czech-machac festvox-czech-krb festvox-czech-ph festvox-ca-ona-hts festlex-cmu \
	asterisk-core-sounds-it-g722 asterisk-core-sounds-ru-g722

.PHONY: help setup setup-test setup-train demo test lint test-all bench assets screenshots train systems reader clean

help:
	@grep -E '^# make|^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^# //; s/^([a-z-]+):.*## /make \1	/' | expand -t 17

setup: $(VENV)/.installed ## install the program and the system packages it needs
setup-test: $(VENV)/.installed-test
setup-train: $(VENV)/.installed-train

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed and was not found (set PYTHON=/path/to/python3.11)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Install the venv module: apt-get install -y python3.11-venv" >&2; exit 1; }

$(VENV)/.installed: pyproject.toml Makefile | $(VENV)/bin/python
	.ci/system-packages $(RUN_PACKAGES)
	$(PY) -m pip install -q --disable-pip-version-check $$($(PY) .ci/requirements.py text)
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	.ci/system-packages $(TEST_PACKAGES)
	$(PY) -m pip install -q --disable-pip-version-check $$($(PY) .ci/requirements.py test train hear deepspeech tensorboard)
	$(PY) -m pip install -q --disable-pip-version-check --no-deps bpy==5.0.1
	touch $@

$(VENV)/.installed-train: $(VENV)/.installed
	.ci/system-packages $(TRAIN_PACKAGES)
	$(PY) -m pip install -q --disable-pip-version-check $$($(PY) .ci/requirements.py train)
	touch $@

demo: setup
	$(PY) main.py demo --out demo

lint: setup-test ## lint, types, import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: lint
	$(SCREEN) $(PY) -m pytest -m "not slow and not bench"

test-all: lint ## all tests, the slow ones too
	$(SCREEN) $(PY) -m pytest -m "not bench"

bench: setup-test ## measure speed from edit to pixels, inference and export; prints a table
	$(SCREEN) $(PY) -m pytest -m bench -s

assets: setup-train ## rebuild the default head, its rig, the demo clip and their pictures
	$(PY) -m assets.head.build
	for sheet in head channels emotions pairs figures; do $(PY) -m assets.head.sheet docs/pictures/$$sheet.jpg $$sheet; done
	$(PY) -m assets.demo.build

train: setup-train ## make the corpus and train the speech model anew (about two hours)
	$(PY) -m models.training.speech.train

systems: setup-train ## train every research system on its own layout and print the table (about an hour)
	$(PY) -m models.training.experiments.systems out/systems lines=320 steps=400 judge_every=100 seconds=2

reader: setup-train ## train the lip-reader anew (twenty minutes)
	$(PY) -m models.training.lipreading.train assets/lip_reader.safetensors

screenshots: setup-test ## drive the real editor and picture each step into docs/pictures
	$(SCREEN) $(PY) -m tests.journey
	$(SCREEN) $(PY) -m assets.demo.strip docs/pictures/speech.jpg

clean: ## remove what was built, not the environment
	rm -rf demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
