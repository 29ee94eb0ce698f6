namespace Kilde.Synthetic;

/// <summary>What can be made wrong on purpose in a trust's or a municipality's files.</summary>
public enum FileFault
{
    /// <summary>ord: an urgency that list 8428 had in earlier years.</summary>
    OutdatedCode = 1,

    /// <summary>ord: a level of care that is not on list 8406.</summary>
    UnknownCode,

    /// <summary>ord: a condition that is not in ICD-10.</summary>
    UnknownDiagnosis,

    /// <summary>ord: three references to units, none to the treatment place.</summary>
    TreatmentSiteMissing,

    /// <summary>ord: three references to units, none to the department.</summary>
    DepartmentMissing,

    /// <summary>ord: three references to units, none to the section.</summary>
    SectionMissing,

    /// <summary>ord: discharged before admitted.</summary>
    ReversedTimes,

    /// <summary>ord: a right to care without the date by which it must begin.</summary>
    DeadlineMissing,

    /// <summary>ord: the wait ended, and nothing tells why.</summary>
    WaitEndWithoutCode,

    /// <summary>ord: the episode stands twice; the schema refuses it.</summary>
    DuplicateEpisode,

    /// <summary>ord: a reference to a unit that the message does not have; the schema refuses it.</summary>
    UnknownUnit,

    /// <summary>ord: an episode without debitor; the schema refuses it.</summary>
    RequiredMissing,

    /// <summary>ord: an attribute the module does not have; the schema refuses it.</summary>
    UnknownAttribute,

    /// <summary>ord: an element the module does not have; the schema refuses it.</summary>
    UnknownElement,

    /// <summary>ord: 30 February; the schema refuses it.</summary>
    ImpossibleTime,

    /// <summary>ord: the references to units before the contact; the schema refuses it.</summary>
    WrongOrder,

    /// <summary>ide: a patient with activity is left out.</summary>
    IdentityMissing,

    /// <summary>ide: a patient who has no activity.</summary>
    IdentityWithoutActivity,

    /// <summary>ide: a number with a wrong control digit.</summary>
    WrongIdentifier,

    /// <summary>kpp: the total is not the sum of the parts.</summary>
    TotalDiffers,

    /// <summary>Once a file: an institution whose organisation number has a wrong control digit.</summary>
    WrongInstitution,

    /// <summary>Once a file: no contact of type 1.</summary>
    TechnicalContactMissing,

    /// <summary>Once a file: no contact of type 15.</summary>
    VendorContactMissing,

    /// <summary>iplos: more hours of help than a week has.</summary>
    HoursOutOfRange,

    /// <summary>iplos: a service that ends before it begins.</summary>
    ReversedService,

    /// <summary>ipl: an event that does not name the one before it.</summary>
    BrokenChain,

    /// <summary>ipl: a serial number left out.</summary>
    SerialGap,

    /// <summary>ipl: a correction that does not say of what.</summary>
    ReferenceMissing,
}

/// <summary>A fault that was put into a file, for tests to find again.</summary>
/// <param name="Module">Three letters, or <c>iplos</c>.</param>
/// <param name="Place">Where, as an XPath from the message's root.</param>
/// <param name="IsStructure">The schema refuses it, and with it the whole message.</param>
public sealed record SeededFault(FileFault Kind, string Module, string Place, bool IsStructure);
