using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>Stays in municipal emergency beds: <c>KOHD_Opphold</c> 1.</summary>
internal sealed class AcuteBedFeed(ulong seed) : ServiceFeed(seed, UnitKind.AcuteBeds, "KOHD_Opphold")
{
    private const int AgeMin = 40;

    protected override int PeopleMax => 3;

    protected override bool Concerns(Inhabitant person, DateOnly day) => person.AgeOn(day) >= AgeMin;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var stays = new List<(Inhabitant Person, int Hours, int Minute, bool ByGp)>();
        foreach (var person in told.People)
            stays.Add((person, chance.Between(10, 60), chance.Between(8 * 60, 18 * 60), chance.Happens(0.4)));
        var isFirstOfMonth = told.Day.Day == 1;
        return WriteList(json, "opphold", stays, stay =>
            {
                var outAt = OsloTime.At(told.Day, stay.Minute);
                json.WriteString("oppholdId", told.IdOf("KO", stay.Person));
                WriteTime(json, "innTid", outAt.AddHours(-stay.Hours));
                WriteTime(json, "utTid", outAt);
                json.WriteNumber("enhetOrgNr", told.Unit.SubUnit.Number);
                json.WriteString("bostedKommuneNr", $"{told.Unit.Municipality}");
                json.WriteString("henvisendeInstans", stay.ByGp ? "1" : "2");
                json.WriteString("utskrevetTil", "2");
                WritePerson(json, stay.Person, told.Day);
            })
            + WriteList<int>(json, "kapasitet", isFirstOfMonth ? [4 + (told.Unit.Municipality.Number % 8)] : [], beds =>
            {
                json.WriteString("kapasitetId", $"KK{told.Day:yyyyMM}");
                WriteDay(json, "gjelderFra", told.Day);
                json.WriteNumber("plasser", beds);
                json.WriteString("organisering", beds % 2 == 0 ? "1" : "2");
                json.WriteBoolean("legeDognet", beds > 8);
            });
    }
}
