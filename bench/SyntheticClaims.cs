using System.Globalization;
using System.Text;
using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// Claims as they come from the settlement: of many kinds of practice, most of one or two tariffs. The same number
/// always gives the same claim, so what contacts they should become is known beforehand.
/// </summary>
internal sealed class SyntheticClaims
{
    private const uint Spread = 2_654_435_761;

    // How often each comes is about as in the settlement; 2cd and 701 alone tell of no contact.
    private static readonly Sort[] Sorts =
    [
        new(20, "Fastlege", "FLT", "K", ["2ad", "2cd"]), new(12, "Fastlege", "FLT", "B", ["1bd"]),
        new(8, "Fastlege", "FLT", "E", ["2ae"]), new(6, "Fastlege", "FLT", "K", ["2ad", "701a", "705k"]),
        new(3, "Fastlege", "FLT", "O", ["1ad"]), new(2, "Fastlege", "FLT", null, ["2cd", "701"]),
        new(1, "Fastlege", "FLT", "I", ["14"]), new(1, "Fastlege", "FLT", "S", ["11ad"]),
        new(4, "Legevakt", "LV", "K", ["2ak", "2cd"]), new(3, "Legevakt", "LV", "B", ["1bk"]),
        new(22, "Fysioterapeut (privat)", "FYS", "X", ["A2b", "A10"]), new(3, "Kiropraktor", "KIR", "X", ["K3"]),
        new(8, "Tannlege", "TANN", "X", ["3a"]), new(4, "Helsestasjon", "HST", "X", ["2t"]),
        new(3, "Ortoptist", "ANN", "X", ["3"]),
    ];

    private static readonly string[] Diagnoses = ["P76", "L03", "K86", "R74", "A04", "T90", "D73", "S88", "U71"];

    private readonly SyntheticUnit _office;
    private readonly SyntheticPerson[] _persons;
    private readonly DateOnly _day;
    private readonly Sort[] _wheel = [.. Sorts.SelectMany(sort => Enumerable.Repeat(sort, sort.Weight))];

    public SyntheticClaims(SyntheticUnit office, SyntheticPerson[] persons, DateOnly day) =>
        (_office, _persons, _day) = (office, persons, day);

    /// <summary>What of a claim has become.</summary>
    public enum Fate
    {
        Told = 1,
        Corrected,
        Credited,
    }

    private sealed record Sort(int Weight, string Practice, string Area, string? Kind, string[] Tariffs);

    /// <summary>The service area and kind of the contact a claim tells of; null when it tells of none.</summary>
    public (string Area, string Kind)? ContactOf(int claim) =>
        SortOf(claim) is { Kind: { } kind } sort ? (sort.Area, kind) : null;

    public byte[] Message(IEnumerable<int> claims, Fate fate)
    {
        var json = new StringBuilder($$"""[{"orgNr":{{_office.Number}},"regninger":[""");
        var isFirst = true;
        foreach (var claim in claims)
        {
            if (!isFirst) json.Append(',');
            isFirst = false;
            Write(json, claim, fate);
        }

        return Encoding.UTF8.GetBytes(json.Append("]}]").ToString());
    }

    private Sort SortOf(int claim) => _wheel[unchecked((uint)claim * Spread) % (uint)_wheel.Length];

    // The tariffs come to the refund; a credit note has the same with a minus before it.
    private void Write(StringBuilder json, int claim, Fate fate)
    {
        var sort = SortOf(claim);
        var person = _persons[claim % _persons.Length];
        var start = new DateTime(_day.Year, 1, 1, 8, 0, 0, DateTimeKind.Unspecified)
            .AddDays(claim / 7 % Math.Max(1, _day.DayOfYear - 1)).AddMinutes(claim % 480);
        var amount = (fate == Fate.Credited ? -1 : 1) * (100 + claim % 90);
        var (diagnosis, share) = (Diagnoses[claim % Diagnoses.Length], fate == Fate.Corrected ? 0 : 179);
        json.Append(CultureInfo.InvariantCulture, $$"""
            {"guid":"{{new Guid(claim, 7, 40, 1, 2, 3, 4, 5, 6, 7, 8)}}","regningsnummer":"{{claim}}",
            "tidspunkt":"{{start:s}}+02:00","tjenestetype":"{{sort.Practice}}","praksisId":"P-{{claim % 4_000}}",
            "praksisOrgNr":{{_office.SubUnit}},"praksisKommuneNr":"{{_office.Municipality}}","status":"godkjent",
            "kreditering":{{(fate == Fate.Credited ? "true" : "false")}},"betaltEgenandel":true,"egenandel":{{share}},
            "belop":{{amount * sort.Tariffs.Length}},"utbetalt":{{amount * sort.Tariffs.Length}},
            "diagnoser":[{"kodeverk":"ICPC-2","kode":"{{diagnosis}}"}],"takster":[
            """);
        for (var i = 0; i < sort.Tariffs.Length; i++)
        {
            json.Append(CultureInfo.InvariantCulture,
                $$"""{{(i > 0 ? "," : "")}}{"kode":"{{sort.Tariffs[i]}}","antall":1,"belop":{{amount}}}""");
        }

        var number = person.Identifier.Kind == PersonIdentifierKind.DNumber ? "dNr" : "fodselsNr";
        json.Append(CultureInfo.InvariantCulture, $$$"""
            ],"utforendeBehandler":{"hprNr":{{{900_000_001 + claim % 4_000}}}},
            "pasient":{"{{{number}}}":"{{{person.Identifier.Reveal()}}}"}}
            """);
    }
}
