"""Words with one meaning: organisms, carbapenemases, specimens, verification marks.

What comes in is text as a laboratory or a policy author wrote it; what goes out is the one thing it names,
or an error that says what would be right. Every code stands in a file of `codelists/` with its origin and mark.
The room also reads the YAML documents that people write, strictly, and knows where shipped files are.

Not known here: what a test result means for a patient (`assess`), or what a jurisdiction demands (`policy`).

>>> from ringfence.vocabulary import carbapenemase, organism
>>> carbapenemase("blaOXA-181").family.name
'OXA-48-like'
>>> organism("Klebsiella (Enterobacter) aerogenes").name
'Klebsiella aerogenes'
"""

from .alleles import Activity, Allele, alleles
from .carbapenemases import Carbapenemase, Family, Meaning, families
from .check_digits import is_loinc, is_snomed
from .codelists import CodelistError, read_codelist
from .codes import LOINC, SNOMED_CT, Coded, UnknownCode, coded, codes
from .documents import Document, DocumentError, Strict, parse_document, read_document
from .enzyme_names import UnknownCarbapenemase, carbapenemase, carbapenemases_in
from .marks import Mark, weakest
from .nearest import did_you_mean
from .organisms import Organism, UnknownOrganism, organism, organisms
from .plain import PlainError
from .refused import Refused
from .shipped import shipped
from .specimens import SpecimenKind, UnknownSpecimenKind, specimen_kind, specimen_kinds

__all__ = [
    "LOINC",
    "SNOMED_CT",
    "Activity",
    "Allele",
    "Carbapenemase",
    "Coded",
    "CodelistError",
    "Document",
    "DocumentError",
    "Family",
    "Mark",
    "Meaning",
    "Organism",
    "PlainError",
    "Refused",
    "SpecimenKind",
    "Strict",
    "UnknownCarbapenemase",
    "UnknownCode",
    "UnknownOrganism",
    "UnknownSpecimenKind",
    "alleles",
    "carbapenemase",
    "carbapenemases_in",
    "coded",
    "codes",
    "did_you_mean",
    "families",
    "is_loinc",
    "is_snomed",
    "organism",
    "organisms",
    "parse_document",
    "read_codelist",
    "read_document",
    "shipped",
    "specimen_kind",
    "specimen_kinds",
    "weakest",
]
