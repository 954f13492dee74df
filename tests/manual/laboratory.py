"""The laboratory chapter: what results mean, section by section. `test_laboratory.py` holds it; the manual shows it."""

from .isolates import Answer, Reported

SUSPECTS = (
    "What suspects, and what is left out",
    "Susceptibility raises a suspicion and never makes a carrier. What a species does by nature is left out first.",
    (
        Reported(
            "A *Proteus* with a raised imipenem",
            "Imipenem alone says nothing in *Proteus*, *Providencia*, *Morganella* and *Serratia marcescens*.",
            "proteus-mirabilis",
            "urine",
            ("2026-06-08 imipenem 8 mg/L", "2026-06-08 meropenem 0.06 mg/L", "2026-06-08 ertapenem 0.016 mg/L"),
            (
                Answer("2026-06-08", None, under="resistant"),
                Answer("2026-06-08", None, under="cut-off"),
                Answer("2026-06-08", None),
            ),
        ),
        Reported(
            "A *Pseudomonas* that ertapenem does not reach",
            "Ertapenem is weak against *P. aeruginosa* and *Acinetobacter* by nature.",
            "pseudomonas-aeruginosa",
            "sputum",
            ("2026-06-08 ertapenem R", "2026-06-08 meropenem 1 mg/L"),
            (Answer("2026-06-08", None, under="resistant"), Answer("2026-06-08", None, under="cut-off")),
        ),
        Reported(
            "A *Stenotrophomonas* in blood",
            "It is resistant to carbapenems by nature, and has a metallo-enzyme of its own that a strip shows.",
            "stenotrophomonas-maltophilia",
            "blood",
            ("2026-06-08 meropenem R", "2026-06-08 imipenem R", "2026-06-09 mbl_strip detected"),
            (
                Answer("2026-06-08", "not_a_cpo", because="by nature"),
                Answer("2026-06-09", "not_a_cpo", because="L1"),
            ),
        ),
        Reported(
            "An *Acinetobacter* with its own OXA",
            "OXA-51-like marks the species. It is no CPO by this gene.",
            "acinetobacter-baumannii",
            "wound",
            ("2026-06-08 meropenem 0.5 mg/L", "2026-06-09 pcr OXA-51-like detected"),
            (Answer("2026-06-09", "not_a_cpo", because="marker of the species"),),
        ),
        Reported(
            "An *Aeromonas* with activity",
            "It perhaps has an enzyme of its own. That was not read in a source, so it stays a suspicion with the reason beside it.",
            "aeromonas-hydrophila",
            "wound",
            ("2026-06-08 meropenem R", "2026-06-09 mcim detected"),
            (Answer("2026-06-09", "suspect", asks="confirm", because="CphA"),),
        ),
        Reported(
            "A yeast",
            "A carbapenem says nothing of it.",
            "candida-auris",
            "blood",
            ("2026-06-08 meropenem R",),
            (Answer("2026-06-08", None),),
        ),
        Reported(
            "A *Klebsiella* that nobody tested further",
            "It stays a suspicion, and the laboratory is asked, for as long as it takes.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem 16 mg/L",),
            (
                Answer("2026-06-08", "suspect", asks="confirm", under="resistant"),
                Answer("2026-06-30", "suspect", asks="confirm", under="cut-off"),
            ),
        ),
        Reported(
            "A *Serratia* that may have its own",
            "Resistant to a carbapenem and susceptible to ceftriaxone: perhaps the chromosomal enzyme SME, which the five "
            "usual families do not show. Only the gene tells, and the policy says whether it counts.",
            "serratia-marcescens",
            "blood",
            (
                "2026-06-08 imipenem 16 mg/L",
                "2026-06-08 meropenem 8 mg/L",
                "2026-06-08 ceftriaxone 0.25 mg/L",
                "2026-06-09 carba5 KPC not detected",
                "2026-06-09 carba5 NDM not detected",
                "2026-06-09 carba5 VIM not detected",
                "2026-06-09 carba5 IMP not detected",
                "2026-06-09 carba5 OXA-48-like not detected",
                "2026-06-12 wgs SME detected",
            ),
            (
                Answer("2026-06-09", "suspect", asks="sequence", because="SME"),
                Answer("2026-06-12", "suspect", asks="settle", because="the laboratory decides"),
                Answer("2026-06-12", "confirmed", "SME", because="counts under the policy", under="SME counts"),
            ),
        ),
        Reported(
            "An *Enterobacter* that looks like AmpC",
            "Resistant to ceftriaxone, susceptible to cefepime: another likely reason is shown. It stays a suspicion.",
            "enterobacter-cloacae",
            "urine",
            ("2026-06-08 ertapenem R", "2026-06-08 ceftriaxone R", "2026-06-08 cefepime S"),
            (Answer("2026-06-08", "suspect", asks="confirm", because="AmpC", under="resistant"),),
        ),
    ),
)

VALUES = (
    "Values, signs, letters and years",
    "The laboratory's letter is read first, shown as it was reported, and never replaced. Where it gave none, the value is read by "
    "the EUCAST table of its year, to raise a suspicion and for nothing else.",
    (
        Reported(
            "A value at the cut-off",
            "The cut-off is *more than* 0.125 mg/L.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 0.125 mg/L",),
            (Answer("2026-06-08", None, under="cut-off"),),
        ),
        Reported(
            "A value just beyond it",
            "The next dilution up.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 0.25 mg/L",),
            (
                Answer("2026-06-08", "suspect", asks="confirm", because="cut-off of 0.125 mg/L", under="cut-off"),
                Answer("2026-06-08", None, under="resistant"),
            ),
        ),
        Reported(
            "A censored value that straddles the cut-off",
            "At most 0.25 may lie on either side of 0.125. That is unknown, and not negative. While nothing else is raised, "
            "nobody is asked.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem <=0.25 mg/L",),
            (Answer("2026-06-08", "unknown", because="cannot be placed", under="cut-off"),),
        ),
        Reported(
            "A censored value that does not straddle it",
            "At most 0.06 lies within; more than 8 lies beyond.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem <=0.06 mg/L", "2026-06-09 meropenem >8 mg/L"),
            (
                Answer("2026-06-08", None, under="cut-off"),
                Answer("2026-06-09", "suspect", asks="confirm", under="cut-off"),
            ),
        ),
        Reported(
            "A value without its unit",
            "0.5 may be a MIC. It is not guessed.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 0.5",),
            (Answer("2026-06-08", "unknown", under="cut-off"),),
        ),
        Reported(
            "A zone of 26 mm in 2014",
            "The cut-off of that year was *less than* 25 mm.",
            "escherichia-coli",
            "urine",
            ("2014-06-08 meropenem 26 mm",),
            (Answer("2014-06-08", None, under="cut-off"),),
            collected="2014-06-08 09:00",
        ),
        Reported(
            "A zone of 26 mm in 2026",
            "Since then it is *less than* 28 mm.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 26 mm",),
            (Answer("2026-06-08", "suspect", asks="confirm", because="28 mm", under="cut-off"),),
        ),
        Reported(
            "A letter alone",
            "A letter other than S lies beyond the cut-off in every table. S alone places nothing, and raises nothing.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem S", "2026-06-09 meropenem I"),
            (
                Answer("2026-06-08", None, under="cut-off"),
                Answer("2026-06-09", "suspect", asks="confirm", under="cut-off"),
                Answer("2026-06-09", None, under="resistant"),
            ),
        ),
        Reported(
            "A letter that its value belies",
            "The letter stays as reported. The value raises a suspicion beside it.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 16 mg/L S",),
            (Answer("2026-06-08", "suspect", asks="confirm", because="S by the laboratory", under="resistant"),),
        ),
        Reported(
            "Resistant to ertapenem, and meropenem not tested",
            "The cut-off is of meropenem. Without it nothing can be placed, and the laboratory is asked.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 ertapenem R",),
            (
                Answer("2026-06-08", "unknown", asks="confirm", because="was not tested", under="cut-off"),
                Answer("2026-06-08", "suspect", asks="confirm", under="resistant"),
            ),
        ),
    ),
)

NEGATIVES = (
    "What a negative rules out",
    "Only what it could have found, in an organism in which it is valid.",
    (
        Reported(
            "Five genes not detected",
            "The panel looked for five families. Activity shows that there is another, and sequencing is asked for.",
            "klebsiella-pneumoniae",
            "rectal_swab",
            ("2026-06-08 meropenem 4 mg/L", "2026-06-09 pcr_5 not detected", "2026-06-10 mcim 8 mm"),
            (
                Answer("2026-06-09", "suspect", asks="sequence", because="rules out only what it looked for"),
                Answer("2026-06-10", "confirmed", asks="sequence", because="activity shown by mCIM"),
            ),
        ),
        Reported(
            "No activity, by a test that is valid",
            "A resistant isolate without a carbapenemase: ruled out, and it stays listed so.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-10 mcim 22 mm"),
            (
                Answer("2026-06-08", "suspect", asks="confirm"),
                Answer("2026-06-10", "not_a_cpo", because="no carbapenemase found by mCIM"),
            ),
        ),
        Reported(
            "No activity, by a test that is not valid there",
            "An mCIM says nothing of an *Acinetobacter*; a CIMTris does.",
            "acinetobacter-baumannii",
            "sputum",
            ("2026-06-08 meropenem R", "2026-06-10 mcim 22 mm", "2026-06-12 cimtris not detected"),
            (
                Answer("2026-06-10", "suspect", asks="confirm"),
                Answer("2026-06-12", "not_a_cpo", because="CIMTris"),
            ),
        ),
        Reported(
            "Nothing found by sequencing",
            "Sequencing sees genes outside the panels too.",
            "pseudomonas-aeruginosa",
            "sputum",
            ("2026-06-08 meropenem R", "2026-06-15 wgs not detected"),
            (Answer("2026-06-15", "not_a_cpo", because="whole-genome sequencing"),),
        ),
        Reported(
            "One gene not found by sequencing",
            "That the genome has no KPC says nothing of NDM.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-15 wgs KPC not detected"),
            (Answer("2026-06-15", "suspect", asks="sequence"),),
        ),
        Reported(
            "A preliminary negative",
            "It closes nothing until it is final.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-10 mcim not detected, preliminary"),
            (Answer("2026-06-10", "suspect", asks="confirm"),),
        ),
        Reported(
            "Activity not shown in a swab",
            "It is not known what grew, so nothing is ruled out.",
            None,
            "rectal_swab",
            ("2026-06-09 culture detected", "2026-06-10 mcim not detected"),
            (Answer("2026-06-10", "suspect", asks="confirm", because="not named"),),
        ),
    ),
)

VALIDITY = (
    "A positive outside a test's validity",
    "Outside the organisms for which a method is known to be right, a positive is a suspicion and no more.",
    (
        Reported(
            "The IMP that was none",
            "CARBA 5 is falsely positive for IMP in nearly every *A. baumannii*, and does not see its usual OXA-23.",
            "acinetobacter-baumannii",
            "sputum",
            (
                "2026-06-08 meropenem 32 mg/L",
                "2026-06-09 carba5 IMP detected",
                "2026-06-15 wgs OXA-23 detected",
                "2026-06-15 wgs IMP not detected",
            ),
            (
                Answer("2026-06-09", "suspect", asks="confirm", because="95.9 %"),
                Answer("2026-06-15", "confirmed", "OXA-23", disagree=True),
            ),
        ),
        Reported(
            "The IMP that was none, and nothing else",
            "Sequencing of the same isolate finds no carbapenemase. Both are shown.",
            "acinetobacter-baumannii",
            "sputum",
            ("2026-06-09 carba5 IMP detected", "2026-06-15 wgs not detected"),
            (
                Answer("2026-06-09", "suspect", asks="confirm"),
                Answer("2026-06-15", "not_a_cpo", because="no carbapenemase found", disagree=True),
            ),
        ),
        Reported(
            "A metallo-enzyme strip in *E. coli*",
            "A strip suspects. It does not establish.",
            "escherichia-coli",
            "urine",
            ("2026-06-09 mbl_strip detected",),
            (Answer("2026-06-09", "suspect", asks="confirm"),),
        ),
        Reported(
            "A strip, and an mCIM that disagrees",
            "Two tests against each other are for the laboratory to settle.",
            "escherichia-coli",
            "urine",
            ("2026-06-09 mbl_strip detected", "2026-06-10 mcim not detected"),
            (Answer("2026-06-10", "suspect", asks="settle", because="no carbapenemase found by mCIM", disagree=True),),
        ),
        Reported(
            "A lateral-flow test of the swab itself",
            "It was made for colonies.",
            None,
            "rectal_swab",
            ("2026-06-09 carba5 KPC detected",),
            (Answer("2026-06-09", "suspect", asks="confirm"),),
        ),
    ),
)

DISAGREE = (
    "Methods that disagree",
    "Both are shown. What counts is not cancelled by a negative, and the machine settles nothing.",
    (
        Reported(
            "Five days of an *E. coli*",
            "Its date stays that of the specimen throughout.",
            "escherichia-coli",
            "urine",
            (
                "2026-06-08 meropenem <=0.25 mg/L",
                "2026-06-08 ertapenem 2 mg/L",
                "2026-06-10 carba_np not detected",
                "2026-06-11 mcim 17 mm",
                "2026-06-12 mcim 14 mm",
                "2026-06-13 pcr OXA-48-like detected",
            ),
            (
                Answer("2026-06-09", "suspect", asks="confirm", under="resistant"),
                Answer("2026-06-09", "unknown", asks="confirm", because="cannot be placed", under="cut-off"),
                Answer("2026-06-10", "suspect", asks="confirm", because="79 %", under="resistant"),
                Answer("2026-06-11", "suspect", asks="confirm", because="no clear result", under="resistant"),
                Answer("2026-06-12", "confirmed", asks="identify", disagree=True, under="resistant"),
                Answer("2026-06-13", "confirmed", "OXA-48-like", disagree=True, under="resistant"),
            ),
        ),
        Reported(
            "A gene without activity",
            "The gene counts. The laboratory is asked what the two mean together.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr KPC detected", "2026-06-10 mcim not detected"),
            (Answer("2026-06-10", "confirmed", "KPC", asks="settle", disagree=True),),
        ),
        Reported(
            "A protein without its gene",
            "The protein counts in *Klebsiella*, and the gene was looked for and not found: both are shown.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 carba5 NDM detected", "2026-06-10 pcr NDM not detected"),
            (Answer("2026-06-10", "confirmed", "NDM", disagree=True),),
        ),
        Reported(
            "Unclear, then negative, by the same test",
            "A later repeat of the same test speaks for it, once it is clear and final, where it has the power to say so.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-10 mcim 17 mm", "2026-06-11 mcim 20 mm"),
            (
                Answer("2026-06-10", "suspect", asks="confirm", because="no clear result"),
                Answer("2026-06-11", "not_a_cpo"),
            ),
        ),
        Reported(
            "Negative, then unclear, by the same test",
            "An earlier negative does not speak for a later result that is not clear. Both are shown, and a third settles it.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-09 mcim 22 mm", "2026-06-10 mcim 17 mm", "2026-06-12 mcim 23 mm"),
            (
                Answer("2026-06-09", "not_a_cpo"),
                Answer("2026-06-10", "suspect", asks="settle", because="no carbapenemase found by mCIM (22 mm)"),
                Answer("2026-06-10", "suspect", asks="settle", because="mCIM (17 mm): no clear result"),
                Answer("2026-06-12", "not_a_cpo"),
            ),
        ),
        Reported(
            "Unclear, then negative in a report that is not final",
            "It closes nothing yet.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-09 mcim 17 mm", "2026-06-10 mcim 22 mm, preliminary"),
            (Answer("2026-06-10", "suspect", asks="confirm", because="mCIM (17 mm): no clear result"),),
        ),
        Reported(
            "Unclear, then negative, where the test is not valid",
            "A negative that rules out nothing leaves the suspicion where it was.",
            "shewanella-algae",
            "wound",
            ("2026-06-09 mcim 17 mm", "2026-06-10 mcim 22 mm"),
            (Answer("2026-06-10", "suspect", asks="confirm", because="no clear result"),),
        ),
        Reported(
            "A zone that belies its word",
            "Up to 15 mm an mCIM is positive. The laboratory is asked which of the two it meant.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-10 mcim 12 mm not detected"),
            (
                Answer(
                    "2026-06-10", "suspect", asks="settle", because="reported as not detected, which its zone belies"
                ),
            ),
        ),
        Reported(
            "A word that its zone belies",
            "So also the other way about: a wide zone, reported as activity.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-10 mcim 22 mm detected",),
            (Answer("2026-06-10", "suspect", asks="settle", because="reported as detected, which its zone belies"),),
        ),
        Reported(
            "A zone between the two, with a word",
            "A zone of 17 mm is neither. That the laboratory saw activity stands; that it saw none does not rule out.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-10 mcim 17 mm not detected", "2026-06-12 mcim 18 mm detected"),
            (
                Answer("2026-06-10", "suspect", asks="settle"),
                Answer("2026-06-12", "confirmed", asks="identify"),
            ),
        ),
    ),
)

ENZYMES = (
    "Which carbapenemase",
    "Families make cases, variants are kept as reported, and one isolate may have several.",
    (
        Reported(
            "A gene test without a clear result",
            "It was looked for because something was suspected, so it stays so.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr NDM indeterminate", "2026-06-10 mcim not detected"),
            (
                Answer("2026-06-09", "suspect", asks="confirm", because="no clear result"),
                Answer("2026-06-10", "not_a_cpo"),
            ),
        ),
        Reported(
            "A panel with one gene that is not clear",
            "That the other genes were not found says nothing of this one.",
            "klebsiella-pneumoniae",
            "blood",
            (
                "2026-06-09 pcr_5 NDM indeterminate",
                "2026-06-09 pcr_5 KPC not detected",
                "2026-06-09 pcr_5 VIM not detected",
                "2026-06-09 pcr_5 IMP not detected",
                "2026-06-09 pcr_5 OXA-48-like not detected",
                "2026-06-11 pcr_5 NDM not detected",
            ),
            (
                Answer("2026-06-09", "suspect", asks="confirm", because="no clear result"),
                Answer("2026-06-11", None),
            ),
        ),
        Reported(
            "Two in one isolate",
            "Each family is a case of its own.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr NDM-5 detected", "2026-06-09 pcr OXA-181 detected"),
            (Answer("2026-06-09", "confirmed", "NDM-5; OXA-181"),),
        ),
        Reported(
            "A class and no name",
            "An eCIM is read only beside an mCIM that shows activity.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 ecim detected", "2026-06-10 mcim detected"),
            (
                Answer("2026-06-10", "confirmed", asks="identify", because="metallo-enzyme (class B)"),
                Answer("2026-06-09", "suspect", asks="confirm"),
            ),
        ),
        Reported(
            "A family of which only some are carbapenemases",
            "GES without its number is for the laboratory to settle, unless activity is shown.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr GES detected", "2026-06-10 mcim detected"),
            (
                Answer("2026-06-09", "suspect", asks="settle", because="the laboratory decides"),
                Answer("2026-06-10", "confirmed", "GES"),
            ),
        ),
        Reported(
            "A variant of such a family that is one",
            "GES-5 is listed among the genes of carbapenem resistance; GES-1 is not.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 wgs GES-5 detected",),
            (Answer("2026-06-09", "confirmed", "GES-5"),),
        ),
        Reported(
            "A variant that has lost its strength",
            "KPC-14 was found in isolates that carbapenems still kill. Precautions stay, and the laboratory decides.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 wgs KPC-14 detected", "2026-06-12 mcim detected"),
            (
                Answer("2026-06-09", "gene_present", "KPC-14", asks="confirm", because="reduced activity"),
                Answer("2026-06-12", "confirmed", "KPC-14"),
            ),
        ),
        Reported(
            "A gene that may be there by nature",
            "Ancestors of OXA-48 lie on the chromosome of *Shewanella*. That was believed and not read, so it stays a suspicion.",
            "shewanella-algae",
            "wound",
            ("2026-06-09 pcr OXA-48-like detected",),
            (Answer("2026-06-09", "suspect", asks="settle", because="perhaps by nature"),),
        ),
        Reported(
            "A variant that nobody has listed",
            "It is a variant of its family, and nothing is guessed of it.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 wgs KPC-99 detected",),
            (Answer("2026-06-09", "confirmed", "KPC-99"),),
        ),
        Reported(
            "A report that is not final",
            "It is probable until it is.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr KPC detected, preliminary", "2026-06-10 pcr KPC detected"),
            (Answer("2026-06-09", "probable", "KPC"), Answer("2026-06-10", "confirmed", "KPC")),
        ),
        Reported(
            "A report that is taken back",
            "Nothing is said of the isolate any more. The case stays listed, as withdrawn.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr KPC detected", "2026-06-12 pcr KPC detected, withdrawn"),
            (Answer("2026-06-09", "confirmed", "KPC"), Answer("2026-06-12", None)),
        ),
    ),
)

WITHOUT = (
    "A gene without an organism",
    "Whether it confirms is the policy's to say. Where the policy does not say, it is probable.",
    (
        Reported(
            "A gene in a swab",
            "PCR finds more swabs than culture does.",
            None,
            "rectal_swab",
            ("2026-06-09 pcr OXA-48-like detected", "2026-06-11 culture not detected"),
            (
                Answer("2026-06-09", "probable", "OXA-48-like"),
                Answer("2026-06-09", "confirmed", "OXA-48-like", under="gene confirms"),
                Answer("2026-06-11", "confirmed", "OXA-48-like", disagree=True, under="gene confirms"),
                Answer("2026-06-11", "probable", "OXA-48-like", asks="recollect", disagree=True),
            ),
        ),
        Reported(
            "A gene in a swab, and a culture that grew",
            "Something grew, so the gene is not without an organism.",
            None,
            "rectal_swab",
            ("2026-06-09 pcr KPC detected", "2026-06-11 culture detected"),
            (Answer("2026-06-11", "confirmed", "KPC"),),
        ),
    ),
)

SECTIONS = (SUSPECTS, VALUES, NEGATIVES, VALIDITY, DISAGREE, ENZYMES, WITHOUT)
