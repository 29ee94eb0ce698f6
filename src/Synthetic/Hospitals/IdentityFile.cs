namespace Kilde.Synthetic;

/// <summary>Module ide: which person each patient number is. The only file with identity numbers.</summary>
internal sealed class IdentityFile(XmlOut xml, MessageFrame frame) : TrustFile(xml, frame)
{
    // List 9032.
    private const int NationalNumber = 1;
    private const int DNumber = 2;
    private const int Other = 9;

    protected override void WritePatient(PatientYear patient)
    {
        var number = patient.Person.NumberOn(Frame.To);
        Xml.Begin("PasientIdent"u8);
        Xml.Attribute("pid"u8, patient.Number);
        if (number == default)
        {
            // Who has no number is told by birth date.
            Xml.Attribute("fid"u8, $"{patient.Person.BornOn:ddMMyy}");
            Xml.Attribute("typeID"u8, Other);
        }
        else
        {
            var isDNumber = number.Kind == Kernel.PersonIdentifierKind.DNumber;
            Xml.Attribute("fid"u8, number.Reveal());
            Xml.Attribute("typeID"u8, isDNumber ? DNumber : NationalNumber);
        }

        Xml.End("PasientIdent"u8);
    }
}
