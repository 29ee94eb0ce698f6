using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What referrals and episodes write alike: the patient's home, and the units that are responsible.</summary>
internal static class UnitXml
{
    public static void Home(XmlOut xml, Inhabitant person, int year)
    {
        xml.Attribute("komNrHjem"u8, Inhabitants.HomeIn(person, year).ToString());
        if (Inhabitants.DistrictOf(person) is { } district)
            xml.Attribute("bydel"u8, district.ToString().AsSpan(4));
    }

    /// <summary>Treatment place, department and section, which are asked for every time (list 8476: 1, 7, 2).</summary>
    /// <param name="missing">A kind to leave out, told as one of the others instead: the schema wants three.</param>
    /// <param name="nameless">A kind to give the section's unit, which has neither number nor code.</param>
    public static void References(XmlOut xml, TrustDepartment department, int missing = 0, int nameless = 0)
    {
        var (site, own) = nameless switch
        {
            1 => (department.Section, department.Department),
            7 => (department.Site, department.Section),
            _ => (department.Site, department.Department),
        };
        Reference(xml, missing == 1 ? department.Section : site, missing == 1 ? 2 : 1);
        Reference(xml, missing == 7 ? department.Site : own, missing == 7 ? 1 : 7);
        Reference(xml, missing == 2 ? department.Site : department.Section, missing == 2 ? 1 : 2);
    }

    public static void Reference(XmlOut xml, TrustUnit unit, int kind)
    {
        xml.Begin("RefEnhet"u8);
        xml.Attribute("enhetID"u8, unit.Id);
        xml.Attribute("typeEnhet"u8, kind);
        xml.End("RefEnhet"u8);
    }

    /// <summary>The units of an institution, as modules ord and pak tell them.</summary>
    public static void Units(XmlOut xml, TrustInstitution institution) =>
        Units(xml, institution, isWrong: false, out _);

    /// <param name="isWrong">The first organisation number gets a wrong control digit.</param>
    public static void Units(XmlOut xml, TrustInstitution institution, bool isWrong, out TrustUnit? wrong)
    {
        wrong = isWrong ? institution.Units.FirstOrDefault(unit => unit.Number is not null) : null;
        foreach (var unit in institution.Units)
        {
            xml.Begin("Enhet"u8);
            xml.Attribute("enhetID"u8, unit.Id);
            if (unit.Number is { } number)
                xml.Attribute("orgNr"u8, unit == wrong ? Misread(number) : number.Number);
            if (unit.ReshId is { } resh) xml.Attribute("reshID"u8, resh);
            if (unit.DepartmentCode is { } code)
            {
                xml.Attribute("offAvdKode"u8, code);
                xml.Attribute("isfRefusjon"u8, "1"u8);
            }

            xml.Attribute("enhetLokal"u8, unit.Name);
            xml.End("Enhet"u8);
        }
    }

    /// <summary>The number with a wrong control digit.</summary>
    public static long Misread(OrganizationNumber number) =>
        number.Number % 10 == 9 ? number.Number - 1 : number.Number + 1;
}
