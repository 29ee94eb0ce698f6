using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>New injuries at out-of-hours services: <c>PERSONSKADE</c> 1.</summary>
internal sealed class InjuryFeed(ulong seed) : ServiceFeed(seed, UnitKind.OutOfHours, "PERSONSKADE")
{
    // skade-arsak, skade-aktivitet, skade-mekanisme, skade-sted: what goes together.
    private static readonly (string Activity, string Mechanism, string Place, string Diagnosis)[] Courses =
    [
        ("1", "4", "5", "S18"), ("4", "3", "6", "L77"), ("5", "1", "8", "L72"), ("6", "6", "1", "S14"),
        ("7", "1", "2", "L74"),
    ];

    protected override bool Concerns(Inhabitant person, DateOnly day) => person.AgeOn(day) >= 1;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var injuries = new List<Injury>();
        foreach (var person in told.People)
        {
            injuries.Add(new Injury(
                person, chance.Between(10 * 60, 19 * 60), chance.Between(20, 300),
                chance.Pick<(string, string, string, string)>(Courses), chance.Happens(0.05), chance.Between(1, 3)));
        }

        return WriteList(json, "skade", injuries, injury => Write(json, told, injury));
    }

    private static void Write(Utf8JsonWriter json, ServiceDay told, Injury injury)
    {
        var (activity, mechanism, place, diagnosis) = injury.Course;
        json.WriteString("skadeId", told.IdOf("SK", injury.Person));
        WriteTime(json, "behandletTid", OsloTime.At(told.Day, injury.Minute));
        WriteTime(json, "skadeTid", OsloTime.At(told.Day, injury.Minute - injury.MinutesBefore));
        json.WriteString("arsak", injury.IsViolence ? "2" : "1");
        json.WriteString("aktivitet", activity);
        json.WriteString("mekanisme", mechanism);
        json.WriteString("skadested", place);
        json.WriteString("skadeKommuneNr", $"{told.Unit.Municipality}");
        json.WriteString("alvorlighet", WireCodes.Text(injury.Severity));
        if (activity == "7") json.WriteString("fremkomstmiddel", "2");
        if (activity == "1") json.WriteString("naring", "F");
        json.WriteStartArray("diagnoser");
        json.WriteStartObject();
        json.WriteString("kodeverk", "H");
        json.WriteString("kode", diagnosis);
        json.WriteEndObject();
        json.WriteEndArray();
        WritePerson(json, injury.Person, told.Day);
    }

    private sealed record Injury(
        Inhabitant Person, int Minute, int MinutesBefore, (string, string, string, string) Course, bool IsViolence,
        int Severity);
}
