"""Every kind of page, as a path that stands for it: each is tried in the browser in both languages and both themes.

A new kind of page adds its line here.
"""

from __future__ import annotations

from urllib.parse import quote

PLAN = "/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022"
PLAN_ID = "id:" + PLAN.removeprefix("/id/")

KINDS: dict[str, str] = {
    "start": "/",
    "ask": "/fraga?q=" + quote("Vilka aktiviteter berör Framtiden?"),
    "ask-refused": "/fraga?q=" + quote("Hur blir vädret i morgon?"),
    "ask-empty": "/fraga",
    "catalogue": "/fragor",
    "catalogue-filtered": "/fragor?q=remiss",
    "question": "/fragor/activities-involving-actor",
    "answer": "/fragor/activities-involving-actor?actor=framtiden",
    "answer-long": "/fragor/duties-by-actor?document=" + quote("plan för en jämlik stad"),
    "answer-empty": "/fragor/activities-by-responsible?actor=framtiden",
    "answer-overview": "/fragor/findings",
    "unknown-name": "/fragor/activities-involving-actor?actor=framtidn",
    "actor": "/aktor/goteborg/byggnadsnamnden",
    "document-page": "/dokument/goteborg/plan-for-en-jamlik-stad-2019-2022",
    "activity": "/dokument/goteborg/plan-for-en-jamlik-stad-2019-2022/skolan-som-arena",
    "target-area": "/dokument/goteborg/program-for-en-jamlik-stad-2018-2026/hallbara-och-jamlika-livsmiljoer",
    "source": "/kalla/goteborg/artikel-jamlikt-goteborg-2018",
    "list": "/aktorer",
    "list-searched": "/dokument?q=plan",
    "problem": "/fragor/finns-inte",
    "missing": "/id/finns-inte.html",
    "thing": f"{PLAN}/skolan-som-arena.html",
    "document": f"{PLAN}.html",
    "ontology": "/ns",
    "shapes": "/ns/shape/Claim",
    "sparql": "/sparql",
    "gaps": "/luckor",
    "matrix": f"/matris?document={PLAN_ID}&groups=yes",
    "matrix-choice": "/matris",
    "chains": "/kedja",
    "chain-between": "/kedja?fran=framtiden&till=id:goteborg/document/program-for-en-jamlik-stad-2018-2026",
    "chain-of-responsibility": "/kedja?om=id:goteborg/actor/byggnadsnamnden",
    "chain-part": f"/kedja?om={PLAN_ID}&del=down",
    "chain-unknown": "/kedja?om=" + quote("bygnadsnämnden"),
    "pictures": "/bilder",
    "picture": f"/bild/document-responsibilities?about={PLAN_ID}&blad=2",
    "comparison": "/jamfor?a=id:goteborg/actor/byggnadsnamnden&b=framtiden",
    "structures": f"/jamfor?document={PLAN_ID}",
    "sparql-answer": "/sparql?format=html&query=" + quote("SELECT ?a ?n { ?a a styr:Activity ; rdfs:label ?n }"),
    "sparql-fault": "/sparql?format=html&query=" + quote("SELECT * WHERE { ?a aa ?b }"),
}
"""Name to path, in Swedish; `lang=en` is added for English."""


def address(path: str, language: str) -> str:
    """`path` in that language."""
    return path if language == "sv" else path + ("&" if "?" in path else "?") + "lang=en"
