using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>How a message says who somebody is: <c>fid</c> and <c>typeID</c> (list 9032).</summary>
internal static class PersonXml
{
    private const int NationalNumber = 1;
    private const int DNumber = 2;
    private const int Other = 9;

    public static void Identify(XmlOut xml, Inhabitant person, DateOnly day)
    {
        var number = person.NumberOn(day);
        Identify(xml, number, number == default ? $"{person.BornOn:ddMMyy}" : number.Reveal());
    }

    /// <summary>Who has no number is told by birth date.</summary>
    public static void Identify(XmlOut xml, PersonIdentifier number, string digits)
    {
        xml.Attribute("fid"u8, digits);
        xml.Attribute("typeID"u8, number == default ? Other
            : number.Kind == PersonIdentifierKind.DNumber ? DNumber : NationalNumber);
    }
}
