namespace Kilde.Synthetic;

/// <summary>What a department treats, by list 8451, with the codes its patients get (ICD-10 without dot).</summary>
/// <param name="Code">Three digits, list 8451; also the department's code by IK-44/89.</param>
/// <param name="Planned">Main conditions of those who are referred.</param>
/// <param name="Acute">Main conditions of those who come in at once; empty when nobody does.</param>
/// <param name="Examinations">Procedures of outpatient contacts, NCMP unless they begin with S (NCRP).</param>
/// <param name="Operations">Procedures of day surgery and planned stays, NCSP; empty where nobody operates.</param>
/// <param name="Share">How often among planned referrals, per thousand.</param>
/// <param name="AcuteShare">How often among acute admissions, per thousand.</param>
internal sealed record Specialty(
    string Code,
    string Name,
    string[] Planned,
    string[] Acute,
    string[] Examinations,
    string[] Operations,
    int Share,
    int AcuteShare);
