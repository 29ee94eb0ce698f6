using System.Globalization;
using System.Text;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// A consultation message, of ordinary size unless told otherwise: ten records, about three kilobytes. The records are
/// of the given persons in turn.
/// </summary>
internal static class BenchMessage
{
    public const int OrdinaryRecords = 10;

    public static byte[] Write(
        SyntheticUnit unit, IReadOnlyList<SyntheticPerson> persons, string id, DateOnly day,
        int records = OrdinaryRecords)
    {
        var municipality = int.Parse(unit.Municipality.ToString(), CultureInfo.InvariantCulture);
        var json = new StringBuilder(
            $$"""[{"orgNr":{{unit.Number}},"kommuneNr":{{municipality}},"konsultasjon":[""");
        for (var record = 0; record < records; record++)
        {
            if (record > 0) json.Append(',');
            var person = persons[record % persons.Count];
            json.Append(CultureInfo.InvariantCulture, $$$"""
                {"konsultasjonId":"{{{id}}}-{{{record}}}",
                "datoTid":"{{{day:yyyy-MM-dd}}}T{{{8 + (record / 2 % 10):D2}}}:15:00+01:00",
                "tjenesteType":1,"lokalTjenesteType":"HELSESTASJON","konsultasjonType":"6M",
                "lokalKonsultasjonType":"6 MND","journalId":"J-{{{record}}}","erHjemmebesok":2,"erGruppe":2,
                "person":{"personId":"P-{{{record}}}","fodselsNr":"{{{person.Identifier.Reveal()}}}"}}
                """);
        }

        return Encoding.UTF8.GetBytes(json.Append("]}]").ToString());
    }
}
