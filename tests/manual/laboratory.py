"""The laboratory chapter: what results mean, section by section. `test_laboratory.py` holds it; the manual shows it."""

from .isolates import Answer, Reported

SUSPECTS = (
    "What suspects, and what is left out",
    "Susceptibility raises a suspicion and never makes a carrier. What a species does by nature is left out first.",
    (
        Reported(
            "A *Proteus* with a raised imipenem",
            "In *Proteus*, *Providencia*, *Morganella* and *Serratia marcescens* imipenem alone is left out: another carbapenem, or a "
            "carbapenemase, has to speak.",
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
            "A *Pseudomonas* resistant to ertapenem",
            "In *P. aeruginosa* and *Acinetobacter* resistance to ertapenem is expected, and is left out.",
            "pseudomonas-aeruginosa",
            "sputum",
            ("2026-06-08 ertapenem R", "2026-06-08 meropenem 1 mg/L"),
            (Answer("2026-06-08", None, under="resistant"), Answer("2026-06-08", None, under="cut-off")),
        ),
        Reported(
            "A *Stenotrophomonas* in blood",
            "Resistance to imipenem, meropenem and ertapenem is expected. It has a metallo-enzyme of its own, L1, that a strip may show "
            "(unverified).",
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
            "OXA-51-like marks the species, and is no CPO by itself (Netherlands, SRI BRMO guideline). Whether an ISAba1 before the gene "
            "changes that was not read, and is not taken in (unverified).",
            "acinetobacter-baumannii",
            "wound",
            ("2026-06-08 meropenem 0.5 mg/L", "2026-06-09 pcr OXA-51-like detected"),
            (Answer("2026-06-09", "not_a_cpo", because="marker of the species"),),
        ),
        Reported(
            "That marker in a *Klebsiella*",
            "It marks another species. The culture was mixed, or two isolates were taken for each other.",
            "klebsiella-pneumoniae",
            "wound",
            ("2026-06-08 meropenem 0.06 mg/L", "2026-06-09 pcr OXA-51-like detected"),
            (Answer("2026-06-09", "suspect", asks="settle", because="not expected in Klebsiella pneumoniae"),),
        ),
        Reported(
            "A gene in a yeast",
            "It carries no carbapenemase. Something else was tested.",
            "candida-auris",
            "blood",
            ("2026-06-09 pcr KPC detected",),
            (Answer("2026-06-09", "suspect", asks="settle", because="not expected in Candida auris"),),
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
                Answer("2026-06-09", "suspect", asks="activity_or_sequence", because="SME"),
                Answer("2026-06-12", "suspect", asks="settle", because="the laboratory decides"),
                Answer("2026-06-12", "confirmed", "SME", because="counts under the policy", under="SME counts"),
            ),
        ),
        Reported(
            "A *Serratia* that is resistant to one such cephalosporin",
            "Then it does not look like SME.",
            "serratia-marcescens",
            "blood",
            ("2026-06-08 meropenem R", "2026-06-08 ceftriaxone R", "2026-06-08 ceftazidime S"),
            (Answer("2026-06-08", "suspect", asks="confirm", because="R by the laboratory"),),
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
    "the latest EUCAST table that we have of its year or before, to raise a suspicion and for nothing else.",
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
                Answer(
                    "2026-06-08",
                    "suspect",
                    asks="confirm",
                    because="cut-off of 0.125 mg/L for a carbapenemase test (EUCAST v15, 2025)",
                    under="cut-off",
                ),
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
            "0.5 may be a MIC. It is not guessed, under no policy. 16 would be resistant as a MIC, so the laboratory is asked.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 0.5", "2026-06-09 meropenem 16"),
            (
                Answer("2026-06-08", "unknown", under="cut-off"),
                Answer("2026-06-08", "unknown", because="without its unit", under="resistant"),
                Answer("2026-06-09", "unknown", asks="confirm", because="without its unit", under="resistant"),
                Answer("2026-06-09", "unknown", asks="confirm"),
            ),
        ),
        Reported(
            "A carbapenem that no table has",
            "No table that we may pass on has doripenem. A value that is not plainly low is unknown, and not negative.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 doripenem 0.06 mg/L", "2026-06-09 doripenem 16 mg/L"),
            (
                Answer("2026-06-08", None),
                Answer("2026-06-09", "unknown", asks="confirm", because="no table has it", under="resistant"),
                Answer("2026-06-09", "unknown", asks="confirm", because="no table has it", under="cut-off"),
            ),
        ),
        Reported(
            "An organism without a table",
            "What is low enough in an organism of no table nobody knows. What no table would call raised asks for nothing.",
            "burkholderia-cepacia-complex",
            "sputum",
            ("2026-06-08 meropenem 2 mg/L", "2026-06-09 meropenem 32 mg/L"),
            (
                Answer("2026-06-08", "unknown", because="no table has it", under="resistant"),
                Answer("2026-06-09", "unknown", asks="confirm", under="resistant"),
                Answer("2026-06-09", "unknown", asks="confirm", under="cut-off"),
            ),
        ),
        Reported(
            "An organism without a screening cut-off",
            "The clinical one stands in, and a value says the same as its letter.",
            "pseudomonas-aeruginosa",
            "sputum",
            ("2026-06-08 meropenem 1 mg/L", "2026-06-09 meropenem 32 mg/L"),
            (
                Answer("2026-06-08", None, under="cut-off"),
                Answer("2026-06-09", "suspect", asks="confirm", because="above 2 mg/L (EUCAST, 2014)", under="cut-off"),
            ),
        ),
        Reported(
            "The same by its letter",
            "R, and no value.",
            "acinetobacter-baumannii",
            "sputum",
            ("2026-06-09 meropenem R",),
            (Answer("2026-06-09", "suspect", asks="confirm", under="cut-off"),),
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
            "Now it is *less than* 28 mm (EUCAST v15, 2025).",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem 26 mm",),
            (Answer("2026-06-08", "suspect", asks="confirm", because="28 mm", under="cut-off"),),
        ),
        Reported(
            "A letter alone",
            "A letter other than S lies beyond the cut-off in every table. S says what `<=2` says: it may lie on either side, and "
            "nobody is asked.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 meropenem S", "2026-06-09 meropenem I"),
            (
                Answer("2026-06-08", "unknown", because="S by the laboratory cannot be placed", under="cut-off"),
                Answer("2026-06-08", None, under="resistant"),
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
        Reported(
            "Not susceptible to ertapenem by its value, and meropenem not tested",
            "A value says the same as a letter.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 ertapenem 2 mg/L",),
            (Answer("2026-06-08", "unknown", asks="confirm", because="was not tested", under="cut-off"),),
        ),
        Reported(
            "Resistant to ertapenem, and of meropenem only the letter",
            "It was tested. What is lacking is its value.",
            "escherichia-coli",
            "urine",
            ("2026-06-08 ertapenem R", "2026-06-08 meropenem S"),
            (
                Answer(
                    "2026-06-08",
                    "unknown",
                    asks="confirm",
                    because="S by the laboratory, and no value",
                    under="cut-off",
                ),
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
            "The panel looked for five families. Most such isolates have no carbapenemase, so that activity is asked for, or "
            "sequencing; once activity is shown there is another, and sequencing is asked for.",
            "klebsiella-pneumoniae",
            "rectal_swab",
            ("2026-06-08 meropenem 4 mg/L", "2026-06-09 pcr_5 not detected", "2026-06-10 mcim 8 mm"),
            (
                Answer(
                    "2026-06-09", "suspect", asks="activity_or_sequence", because="rules out only what it looked for"
                ),
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
            "That the genome has no KPC says nothing of NDM. One gene is no panel, and what is asked stays as it was.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-08 meropenem R", "2026-06-15 wgs KPC not detected"),
            (Answer("2026-06-15", "suspect", asks="confirm", because="says nothing of other genes"),),
        ),
        Reported(
            "Activity, and one gene not found",
            "The carbapenemase is still to be named.",
            "klebsiella-pneumoniae",
            "urine",
            ("2026-06-10 mcim detected", "2026-06-15 sequencing NDM not detected"),
            (Answer("2026-06-15", "confirmed", asks="identify", because="activity shown by mCIM"),),
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
            "In one study version 2 of CARBA 5 showed an IMP that was not there in 95.9 % of *A. baumannii* (PMC10512785). It does not look "
            "for its usual OXA-23.",
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
            "A strip suspects. It does not establish: we have read no study of it. The definition of CSTE 22-ID-04 takes a positive "
            "phenotypic test as confirming, and NHSN lists the modified Hodge test, the MBL strip and Carba NP; what of these "
            "is not valid by the list below is suspect here on purpose, and a reader in the United States will miss a case "
            "until another test.",
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
            "An enzyme that the test does not look for",
            "CARBA 5 looks for five families. A report that it found another holds a slip somewhere.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 carba5 OXA-23 detected",),
            (Answer("2026-06-09", "suspect", asks="confirm", because="does not look for it"),),
        ),
        Reported(
            "The same in *Pseudomonas*",
            "What a test looks for does not hang on the organism.",
            "pseudomonas-aeruginosa",
            "blood",
            ("2026-06-09 carba5 SPM detected", "2026-06-10 carba5 VIM detected"),
            (
                Answer("2026-06-09", "suspect", asks="confirm", because="does not look for it"),
                Answer("2026-06-10", "confirmed", "VIM"),
            ),
        ),
        Reported(
            "A lateral-flow test of the swab itself",
            "What we have read of it is of colonies (NG-Test multicentre evaluation).",
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
            (Answer("2026-06-10", "confirmed", "NDM", asks="settle", disagree=True),),
        ),
        Reported(
            "A class that is not that of the name",
            "An eCIM that shows a serine enzyme, and NDM, which is none. Perhaps there are two.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr NDM detected", "2026-06-10 mcim detected", "2026-06-10 ecim not detected"),
            (Answer("2026-06-10", "confirmed", "NDM", asks="settle", disagree=True),),
        ),
        Reported(
            "A class that is that of one of two names",
            "Beside a serine enzyme the test may miss a metallo-enzyme. That is no conflict.",
            "klebsiella-pneumoniae",
            "blood",
            (
                "2026-06-09 pcr NDM detected",
                "2026-06-09 pcr KPC detected",
                "2026-06-10 mcim detected",
                "2026-06-10 ecim not detected",
            ),
            (Answer("2026-06-10", "confirmed", "KPC; NDM", because="a serine enzyme"),),
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
            "Up to 15 mm an mCIM is positive. The laboratory is asked which of the two it meant. Small colonies within a wider zone make "
            "it unclear too (unverified): that the laboratory says by its word, and no zone tells.",
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
            "A gene that the report does not name",
            "Some assays say only that a carbapenemase gene is there. It is one, and the laboratory is asked which.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr detected", "2026-06-11 wgs KPC-2 detected"),
            (
                Answer("2026-06-09", "confirmed", asks="identify", because="a carbapenemase gene, not named"),
                Answer("2026-06-11", "confirmed", "KPC-2"),
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
            "GES without its number is settled by activity, or by the number.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr GES detected", "2026-06-10 mcim detected, preliminary", "2026-06-11 mcim detected"),
            (
                Answer("2026-06-09", "suspect", asks="activity_or_sequence", because="the laboratory decides"),
                Answer("2026-06-10", "probable", "GES", because="activity shown by mCIM (preliminary result)"),
                Answer("2026-06-11", "confirmed", "GES", because="activity shown by mCIM (final result)"),
            ),
        ),
        Reported(
            "A variant of it that is not listed as one",
            "GES-1 by its number. A test of activity that is valid there tells whether it is one here.",
            "pseudomonas-aeruginosa",
            "wound",
            ("2026-06-09 wgs GES-1 detected", "2026-06-11 mcim 22 mm, preliminary", "2026-06-12 mcim 22 mm"),
            (
                Answer("2026-06-09", "suspect", asks="activity", because="the laboratory decides"),
                Answer("2026-06-11", "suspect", asks="activity", because="closes nothing until it is final"),
                Answer("2026-06-12", "not_a_cpo", because="no carbapenemase found by mCIM (22 mm)"),
            ),
        ),
        Reported(
            "Such a family beside another enzyme",
            "The activity is that of NDM, and says nothing of GES.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 wgs GES-1 detected", "2026-06-09 wgs NDM-1 detected", "2026-06-10 mcim detected"),
            (Answer("2026-06-10", "confirmed", "NDM-1", because="GES-1, a variant that is not in the list, detected"),),
        ),
        Reported(
            "A chromosomal enzyme that is active",
            "That SME is active was not the question; whether it counts is the policy's to say.",
            "serratia-marcescens",
            "blood",
            ("2026-06-09 pcr SME detected", "2026-06-10 mcim detected"),
            (
                Answer("2026-06-10", "suspect", asks="settle", because="activity shown by mCIM"),
                Answer("2026-06-10", "confirmed", "SME", under="SME counts"),
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
            "KPC-14 was found in an isolate susceptible to carbapenems (PMC7449627). The laboratory decides, and until then the policy is "
            "applied as to a carrier.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 wgs KPC-14 detected", "2026-06-12 mcim detected"),
            (
                Answer("2026-06-09", "gene_present", "KPC-14", asks="confirm", because="reduced activity"),
                Answer("2026-06-12", "confirmed", "KPC-14"),
            ),
        ),
        Reported(
            "Such a variant after its family",
            "A PCR names the family, and sequencing then the variant. The name of the family adds nothing to it.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 pcr KPC detected", "2026-06-12 wgs KPC-14 detected"),
            (
                Answer("2026-06-09", "confirmed", "KPC"),
                Answer("2026-06-12", "gene_present", "KPC; KPC-14", asks="confirm", because="reduced activity"),
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
            "It is a variant of its family, and nothing is guessed of it. That it is not in the list is said, and is unverified.",
            "klebsiella-pneumoniae",
            "blood",
            ("2026-06-09 wgs KPC-99 detected",),
            (
                Answer(
                    "2026-06-09", "confirmed", "KPC-99", because="KPC-99, a variant that is not in the list, detected"
                ),
            ),
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
            "In one study 76 of 4006 swabs were positive by PCR and negative in culture (PMC5890656).",
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
            "A gene in a swab that the report does not name",
            "It is read as a named one is.",
            None,
            "rectal_swab",
            ("2026-06-09 pcr detected",),
            (
                Answer("2026-06-09", "probable", asks="identify", because="a carbapenemase gene, not named"),
                Answer("2026-06-09", "confirmed", asks="identify", under="gene confirms"),
            ),
        ),
        Reported(
            "A gene in a swab, and a culture that grew",
            "Something grew, so the gene is not without an organism, once that report is final.",
            None,
            "rectal_swab",
            (
                "2026-06-09 pcr KPC detected",
                "2026-06-10 culture detected, preliminary",
                "2026-06-11 culture detected",
            ),
            (
                Answer("2026-06-10", "probable", "KPC"),
                Answer("2026-06-11", "confirmed", "KPC"),
            ),
        ),
        Reported(
            "A gene in a swab, and the same gene not found",
            "Two tests that looked for it by name, one against the other. The laboratory is asked.",
            None,
            "rectal_swab",
            ("2026-06-09 pcr KPC detected", "2026-06-11 pcr_5 KPC not detected"),
            (Answer("2026-06-11", "probable", "KPC", asks="settle", disagree=True),),
        ),
    ),
)

SECTIONS = (SUSPECTS, VALUES, NEGATIVES, VALIDITY, DISAGREE, ENZYMES, WITHOUT)
