using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>Dental treatment as <c>TANN_Behandling</c> 1 tells it.</summary>
internal sealed class DentalFeed(ulong seed) : ServiceFeed(seed, UnitKind.DentalClinic, "TANN_Behandling")
{
    private const int YouthFrom = 19;
    private const int AdultsFrom = 21;
    private const int GrownTeethFrom = 14;

    // tann-kontaktarsak
    private const string CalledIn = "1";
    private const string Urgent = "3";

    protected override bool Concerns(Inhabitant person, DateOnly day) => person.AgeOn(day) >= 3;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var visits = new List<Treatment>();
        foreach (var person in told.People)
        {
            visits.Add(new Treatment(
                person, chance.Between(8 * 60, 15 * 60), chance.Between(15, 60), chance.Happens(0.6),
                chance.Happens(0.15)));
        }

        return WriteList(json, "behandling", visits, visit => Write(json, told, visit));
    }

    private static void Write(Utf8JsonWriter json, ServiceDay told, Treatment visit)
    {
        var age = visit.Person.AgeOn(told.Day);
        json.WriteString("behandlingId", told.IdOf("TB", visit.Person));
        WriteTime(json, "startTid", OsloTime.At(told.Day, visit.Minute));
        WriteTime(json, "sluttTid", OsloTime.At(told.Day, visit.Minute + visit.Minutes));
        json.WriteNumber("klinikkOrgNr", told.Unit.SubUnit.Number);
        json.WriteString("kontaktform", WireCodes.ContactForm(isHomeVisit: false, isGroup: false));
        json.WriteString("prioritetsgruppe", GroupOf(age));
        json.WriteString("finansiering", age < AdultsFrom ? "O" : "P");
        json.WriteNumber("alder", age);
        json.WriteString("arsak", visit.IsUrgent ? Urgent : CalledIn);
        json.WriteString("profesjonstype", visit.HasCaries ? "17" : "30");
        if (visit.HasCaries || visit.IsUrgent) WriteCaries(json, age);
        if (age >= AdultsFrom) json.WriteNumber("egenandel", 300 + (visit.Minutes * 20));
        WritePerson(json, visit.Person, told.Day);
    }

    private static void WriteCaries(Utf8JsonWriter json, int age)
    {
        var tooth = age >= GrownTeethFrom ? "36" : "75";
        json.WriteStartArray("diagnoser");
        WriteFinding(json, "ICD-DA-3", "K02.1", tooth);
        json.WriteEndArray();
        json.WriteStartArray("tiltak");
        WriteFinding(json, "NCSP", "EBB10", tooth);
        json.WriteEndArray();
    }

    private static void WriteFinding(Utf8JsonWriter json, string system, string code, string tooth)
    {
        json.WriteStartObject();
        json.WriteString("kodeverk", system);
        json.WriteString("kode", code);
        json.WriteString("tann", tooth);
        json.WriteString("flater", "MO");
        json.WriteEndObject();
    }

    // tann-prioritetsgruppe
    private static string GroupOf(int age) => age switch
    {
        < YouthFrom => "A",
        < AdultsFrom => "D",
        _ => "F",
    };

    private sealed record Treatment(Inhabitant Person, int Minute, int Minutes, bool HasCaries, bool IsUrgent);
}
