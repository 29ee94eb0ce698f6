using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>Module ide: which person each patient number is. The only file with identity numbers.</summary>
internal sealed class IdentityFile(XmlOut xml, MessageFrame frame, FaultLog faults) : TrustFile(xml, frame, faults)
{
    /// <summary>Far above the patient numbers of those who have activity.</summary>
    private const long StrangerNumbers = 50_000_000;

    protected override void WritePatient(PatientYear patient)
    {
        var number = patient.Person.NumberOn(Horizon.Last);
        if (patient.Fault == FileFault.IdentityMissing)
        {
            Note(FileFault.IdentityMissing, Place(patient.Number));
            return;
        }

        if (patient.Fault == FileFault.IdentityWithoutActivity)
        {
            Write(StrangerNumbers + patient.Number, default, $"{patient.Person.BornOn:ddMMyy}");
            Note(FileFault.IdentityWithoutActivity, Place(StrangerNumbers + patient.Number));
        }

        var digits = number == default ? $"{patient.Person.BornOn:ddMMyy}" : number.Reveal();
        if (number != default && patient.Fault == FileFault.WrongIdentifier)
        {
            digits = digits[..^1] + (char)('0' + ((digits[^1] - '0' + 1) % 10));
            Note(FileFault.WrongIdentifier, Place(patient.Number) + "/@fid");
        }

        Write(patient.Number, number, digits);
    }

    private void Write(long patient, PersonIdentifier number, string digits)
    {
        Xml.Begin("PasientIdent"u8);
        Xml.Attribute("pid"u8, patient);
        PersonXml.Identify(Xml, number, digits);
        Xml.End("PasientIdent"u8);
    }

    private static string Place(long patient) => $"PasientIdent[@pid='{patient}']";
}
