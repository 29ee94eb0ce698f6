using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>What happens to people in the population register: <c>FREG_Person</c> 1.</summary>
internal sealed class PopulationFeed(ulong seed) : ServiceFeed(seed, UnitKind.PopulationRegister, "FREG_Person")
{
    // freg-hendelsestype
    private const string Moved = "3";
    private const string NewMaritalStatus = "6";
    private const string NumberAfterDNumber = "7";

    protected override bool TellsPlace => false;

    protected override int PeopleMax => 30;

    protected override bool Concerns(Inhabitant person, DateOnly day) => person.AgeOn(day) >= 18;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var events = new List<(Inhabitant Person, string Kind)>();
        foreach (var person in told.People)
        {
            var hasSettled = person.Standing == PersonStanding.BecomesResident && told.Day >= person.SettledOn;
            events.Add((person, hasSettled ? NumberAfterDNumber : chance.Happens(0.7) ? Moved : NewMaritalStatus));
        }

        return WriteList(json, "person", events, happened => Write(json, told, happened.Person, happened.Kind));
    }

    private static void Write(Utf8JsonWriter json, ServiceDay told, Inhabitant person, string kind)
    {
        json.WriteString("hendelseId", told.IdOf("FR", person));
        WriteDay(json, "gjelderFra", told.Day.AddDays(-3));
        WriteTime(json, "registrertTid", OsloTime.At(told.Day, 9 * 60));
        json.WriteString("hendelsestype", kind);
        WriteDay(json, "fodselsdato", person.BornOn);
        json.WriteString("kjonn", person.IsFemale ? "2" : "1");
        json.WriteString("kommuneNr", $"{person.Home}");
        json.WriteString("fodeland", "NO");
        if (kind == NewMaritalStatus) json.WriteString("sivilstand", "2");
        WriteNumbers(json, person, told.Day, kind == NumberAfterDNumber);
    }

    // The new number comes with the old one, which ties them together.
    private static void WriteNumbers(Utf8JsonWriter json, Inhabitant person, DateOnly day, bool withOld)
    {
        if (!withOld)
        {
            WritePerson(json, person, day, "identifikasjon");
            return;
        }

        var before = person.NumberOn(person.SettledOn.AddDays(-1));
        json.WriteStartObject("identifikasjon");
        json.WriteString("personId", $"I{person.Index}");
        json.WriteString("fodselsNr", person.NumberOn(day).Reveal());
        if (before.Kind == Kernel.PersonIdentifierKind.DNumber) json.WriteString("dNr", before.Reveal());
        json.WriteEndObject();
    }
}
