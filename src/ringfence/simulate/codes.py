"""What the made-up laboratory grows and finds, in the words of the codelists."""

from ringfence.record import EnzymeCode, OrganismCode, SpecimenCode
from ringfence.vocabulary import carbapenemase, organism, specimen_kind

KPC, NDM = (EnzymeCode(carbapenemase(name).name) for name in ("KPC", "NDM"))
KLEBSIELLA = OrganismCode(organism("Klebsiella pneumoniae").code)
SWAB = SpecimenCode(specimen_kind("rectal_swab").code)
CLINICAL = tuple(SpecimenCode(specimen_kind(name).code) for name in ("urine", "sputum", "wound", "blood"))
