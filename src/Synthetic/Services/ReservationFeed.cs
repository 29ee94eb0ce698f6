using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>Citizens who reserve, and some who take it back: <c>Reservasjon</c> 1.</summary>
internal sealed class ReservationFeed(ulong seed) : ServiceFeed(seed, UnitKind.ReservationOffice, "Reservasjon")
{
    private const int AgeMin = 16;
    private const int DaysReserved = 30;

    protected override bool TellsPlace => false;

    protected override int PeopleMax => 3;

    protected override bool Concerns(Inhabitant person, DateOnly day) =>
        person.AgeOn(day) >= AgeMin && person.NumberOn(day) != default;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var reserved = new List<(Inhabitant Person, bool IsOfHospitals, bool IsWithdrawn)>();
        foreach (var person in told.People) reserved.Add((person, chance.Happens(0.5), chance.Happens(0.2)));
        return WriteList(json, "reservasjon", reserved, each =>
        {
            json.WriteString("reservasjonId", told.IdOf("RS", each.Person));
            WriteTime(json, "registrertTid", OsloTime.At(told.Day, 12 * 60));
            json.WriteString("omfang", each.IsOfHospitals ? "NPR" : "KPR");
            WriteDay(json, "gjelderFra", told.Day.AddDays(each.IsWithdrawn ? -DaysReserved : 0));
            if (each.IsWithdrawn) WriteDay(json, "trukketDato", told.Day);
            WritePerson(json, each.Person, told.Day, "identifikasjon");
        });
    }
}
