# SPDX-License-Identifier: Apache-2.0
"""More kinds of damage and more bases, where the folder beside the project has them: torture/harness, whose README says how they were made."""
import importlib.util
import json

import bases
from workshop import Member

# Modes need another user, and a FIFO cannot be copied for a trial.
LEFT_OUT = {"fs-mode", "fs-wrong-kind", "fs-gone", "control"}


def kinds(harness):
    """{name: harm(member, source, base)}."""
    spec = importlib.util.spec_from_file_location("damage_beside", harness / "damage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: (lambda member, source, base, harm=harm: harm(member.data, source, base.member.home)) for name, harm in module.KINDS.items() if name not in LEFT_OUT}


class Kept(Member):
    """A stopped member that lies in a folder with its older self."""
    home = None


def all_bases(medic, harness):
    folder = medic.scratch / "beside"
    folder.mkdir()
    medic.unpack(harness / "bases.tar.zst", folder)
    made = []
    for place in sorted((folder / "bases").iterdir()):
        truth = json.loads((place / "truth.json").read_text())
        member = Kept(place / "data", truth["version"], (truth["revision"], {key: (facts[4], facts[0]) for key, facts in truth["keys"].items()}))
        member.home = place
        index_of = {int(revision): index for revision, index in truth["index_of"].items()}
        made.append(bases.known(medic, member, place.name, index_of))
    return made
