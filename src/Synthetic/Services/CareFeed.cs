using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>Municipal services as <c>KTT_Tjeneste</c> 1 tells them.</summary>
internal sealed class CareFeed(ulong seed) : ServiceFeed(seed, UnitKind.CareOffice, "KTT_Tjeneste")
{
    private const int AgeMin = 67;
    private const int StayAgeMin = 80;
    private const string Yes = "1";
    private const string No = "2";

    protected override bool Concerns(Inhabitant person, DateOnly day) => person.AgeOn(day) >= AgeMin;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var users = new List<User>();
        foreach (var person in told.People) users.Add(UserOf(person, told.Day, ref chance));
        var residents = users.Where(user => user.IsResident).ToList();
        var atHome = users.Where(user => !user.IsResident).ToList();
        var waiting = atHome.Where(user => user.Level >= 4).ToList();
        return List("tjeneste", "tjenesteId", "T", users, user => WriteService(json, told, user))
            + List("funksjonsvurdering", "vurderingId", "F", users, user => WriteLevels(json, told, user))
            + List("livssituasjon", "livssituasjonId", "L", users, user => WriteSituation(json, told, user))
            + List("ernaering", "ernaeringId", "E", residents, user => WriteNutrition(json, told, user))
            + List("helsevurdering", "helsevurderingId", "H", residents, user => WriteAssessment(json, told))
            + List("heldognstilbud", "heldognstilbudId", "G", waiting, _ => WriteDay(json, "fraDato", told.Day))
            + List("venteliste", "ventelisteId", "W", waiting, _ => WriteDay(json, "paDato", told.Day))
            + List("velferdsteknologi", "velferdsteknologiId", "X", atHome, user => WriteTechnology(json, told, user))
            + List("rehabilitering", "rehabiliteringId", "R", [.. atHome.Where(user => user.Level == 3)],
                _ => WriteRehabilitation(json, told))
            + List("individuellPlan", "individuellPlanId", "I", waiting, _ => WritePlan(json, told));

        int List(string name, string key, string prefix, List<User> of, Action<User> write) =>
            WriteList(json, name, of, user =>
            {
                json.WriteString(key, told.IdOf(prefix, user.Person));
                WriteTime(json, "registrertTid", OsloTime.At(told.Day, user.Minute));
                write(user);
                WritePerson(json, user.Person, told.Day);
            });
    }

    private static User UserOf(Inhabitant person, DateOnly day, ref Chance chance) => new(
        person,
        Minute: chance.Between(8 * 60, 15 * 60),
        IsResident: person.AgeOn(day) >= StayAgeMin && chance.Happens(0.3),
        Level: chance.Between(2, 5),
        Hours: chance.Between(4, 120) / 4m,
        HasBegun: chance.Happens(0.8),
        Points: chance.Below(5));

    private static void WriteService(Utf8JsonWriter json, ServiceDay told, User user)
    {
        json.WriteString("tjenestetype", user.IsResident ? "21" : "15");
        WriteDay(json, "soknadDato", told.Day.AddDays(-21));
        WriteDay(json, "vedtakDato", told.Day.AddDays(-4));
        json.WriteString("vedtakUtfall", user.HasBegun ? "2" : "1");
        if (user.HasBegun)
        {
            WriteDay(json, "startDato", told.Day);
            if (!user.IsResident) json.WriteNumber("timerPerUke", user.Hours);
        }

        json.WriteNumber("utforerOrgNr", told.Unit.SubUnit.Number);
    }

    private static void WriteLevels(Utf8JsonWriter json, ServiceDay told, User user)
    {
        WriteDay(json, "vurdertDato", told.Day);
        json.WriteStartArray("funksjoner");
        for (var variable = 1; variable <= 18; variable++)
        {
            json.WriteStartObject();
            json.WriteString("variabel", WireCodes.Text(variable));
            json.WriteString("verdi", WireCodes.Text(Math.Clamp(user.Level + (variable % 3) - 1, 1, 5)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSituation(Utf8JsonWriter json, ServiceDay told, User user)
    {
        WriteDay(json, "gjelderFra", told.Day);
        json.WriteString("husstand", user.Person.Index % 2 == 0 ? "1" : "2");
        json.WriteString("omsorgForBarn", No);
        json.WriteString("egnetBolig", user.Level < 4 ? Yes : No);
        json.WriteString("privatHjelp", WireCodes.Text((int)(user.Person.Index % 6) + 1));
    }

    private static void WriteNutrition(Utf8JsonWriter json, ServiceDay told, User user)
    {
        var isAtRisk = user.Points >= 2;
        json.WriteString("vurdert", Yes);
        WriteDay(json, "vurdertDato", told.Day);
        json.WriteString("metode", "1");
        json.WriteNumber("mstPoeng", user.Points);
        json.WriteString("iRisiko", isAtRisk ? Yes : No);
        WriteDay(json, "risikoDato", told.Day);
        if (!isAtRisk) return;
        json.WriteString("harPlan", Yes);
        WriteDay(json, "planDato", told.Day);
    }

    private static void WriteAssessment(Utf8JsonWriter json, ServiceDay told)
    {
        WriteDay(json, "vurdertDato", told.Day.AddDays(-10));
        json.WriteString("vurderingstype", "1");
    }

    private static void WriteTechnology(Utf8JsonWriter json, ServiceDay told, User user)
    {
        json.WriteString("teknologitype", WireCodes.Text((int)(user.Person.Index % 4) + 1));
        json.WriteString("individueltVurdert", Yes);
        WriteDay(json, "startDato", told.Day);
    }

    private static void WriteRehabilitation(Utf8JsonWriter json, ServiceDay told)
    {
        WriteDay(json, "startDato", told.Day);
        json.WriteString("rehabiliteringstype", "3");
    }

    private static void WritePlan(Utf8JsonWriter json, ServiceDay told)
    {
        WriteDay(json, "gjelderFra", told.Day);
        json.WriteString("planStatus", "1");
        json.WriteString("koordinatorStatus", "1");
    }

    /// <param name="Level">1–5, as in list 9165.</param>
    /// <param name="Hours">A week.</param>
    /// <param name="Points">MST.</param>
    private sealed record User(
        Inhabitant Person, int Minute, bool IsResident, int Level, decimal Hours, bool HasBegun, int Points);
}
