using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>Claims of earlier years as they were taken out of the claims database: <c>KUHR_Uttrekk</c> 1.</summary>
internal sealed class ClaimExtractFeed(ulong seed) : ServiceFeed(seed, UnitKind.ClaimsOffice, "KUHR_Uttrekk")
{
    private static readonly DateOnly LastDay = new(2025, 12, 31);

    protected override bool TellsPlace => false;

    protected override int PeopleMax => 40;

    protected override bool Concerns(Inhabitant person, DateOnly day) => person.IsAliveOn(TreatedOn(day));

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var rows = new List<(Inhabitant Person, string Tariff, string Diagnosis)>();
        foreach (var person in told.People)
        {
            rows.Add((
                person, chance.Pick<(string Code, int)>(ClaimCodes.Tariffs).Code,
                chance.Pick<string>(ClaimCodes.Diagnoses)));
        }

        return WriteList(json, "enkeltregning", rows, row => Write(json, told, row.Person, row.Tariff, row.Diagnosis));
    }

    private static void Write(
        Utf8JsonWriter json, ServiceDay told, Inhabitant person, string tariff, string diagnosis)
    {
        var day = TreatedOn(told.Day);
        json.WriteString("enkeltregning_lnr", told.IdOf("E", person));
        json.WriteNumber("aar", day.Year);
        json.WriteString("kpr_lnr", $"L{person.Index}");
        WriteDay(json, "dato", day);
        json.WriteString("klokkeslett", "10:15");
        json.WriteString("kjonn", person.IsFemale ? "2" : "1");
        json.WriteNumber("alder", person.AgeOn(day));
        json.WriteString("tjenestetype", ClaimCodes.Practice);
        json.WriteStartArray("diagnose");
        json.WriteStartObject();
        json.WriteString("diagnoseTabell", "ICPC-2");
        json.WriteString("diagnoseKode", diagnosis);
        json.WriteString("erHoveddiagnose", "1");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("takst");
        json.WriteStartObject();
        json.WriteString("takstkode", tariff);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    // The extract tells of years that are over.
    private static DateOnly TreatedOn(DateOnly day)
    {
        var earlier = day.AddYears(-1);
        return earlier > LastDay ? LastDay : earlier;
    }
}
