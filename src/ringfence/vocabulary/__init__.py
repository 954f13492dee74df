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
from .antibiotics import Antibiotic, UnknownAntibiotic, antibiotic, antibiotics
from .carbapenemases import Carbapenemase, Family, Meaning, families
from .check_digits import is_loinc, is_snomed
from .codelists import CodelistError, read_codelist
from .codes import LOINC, SNOMED_CT, Coded, UnknownCode, coded, codes
from .complaints import ID_PATTERN
from .countries import country
from .cutoffs import CutOff, Side, Span, cut_off, cut_off_of, cut_offs, strictest
from .cutoffs import Purpose as CutOffPurpose
from .documents import Document, DocumentError, Strict, parse_document, read_document
from .enzyme_names import UnknownCarbapenemase, carbapenemase, carbapenemases_in
from .expectations import About, Expectation, Nature, expectations, expected
from .folding import folded
from .kinds_of_organism import nearness
from .marks import Mark, weakest
from .methods import Method, Negative, Positive, Sight, UnknownMethod, known_method, method, methods, read_sight, sight
from .nearest import did_you_mean, nearest_to
from .organisms import Organism, UnknownOrganism, organism, organisms
from .plain import PlainError
from .refused import Refused
from .shipped import shipped
from .specimens import SpecimenKind, UnknownSpecimenKind, specimen_kind, specimen_kinds

__all__ = [
    "ID_PATTERN",
    "LOINC",
    "SNOMED_CT",
    "About",
    "Activity",
    "Allele",
    "Antibiotic",
    "Carbapenemase",
    "Coded",
    "CodelistError",
    "CutOff",
    "CutOffPurpose",
    "Document",
    "DocumentError",
    "Expectation",
    "Family",
    "Mark",
    "Meaning",
    "Method",
    "Nature",
    "Negative",
    "Organism",
    "PlainError",
    "Positive",
    "Refused",
    "Side",
    "Sight",
    "Span",
    "SpecimenKind",
    "Strict",
    "UnknownAntibiotic",
    "UnknownCarbapenemase",
    "UnknownCode",
    "UnknownMethod",
    "UnknownOrganism",
    "UnknownSpecimenKind",
    "alleles",
    "antibiotic",
    "antibiotics",
    "carbapenemase",
    "carbapenemases_in",
    "coded",
    "codes",
    "country",
    "cut_off",
    "cut_off_of",
    "cut_offs",
    "did_you_mean",
    "expectations",
    "expected",
    "families",
    "folded",
    "is_loinc",
    "is_snomed",
    "known_method",
    "method",
    "methods",
    "nearest_to",
    "nearness",
    "organism",
    "organisms",
    "parse_document",
    "read_codelist",
    "read_document",
    "read_sight",
    "shipped",
    "sight",
    "specimen_kind",
    "specimen_kinds",
    "strictest",
    "weakest",
]
