using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>Claims of GPs and out-of-hours services, credited now and then: <c>KUHR_Behandlerkrav</c> 1.</summary>
internal sealed class ClaimFeed(ulong seed) : ServiceFeed(seed, UnitKind.ClaimsOffice, "KUHR_Behandlerkrav")
{
    private const int FirstYear = 2026;
    private const double CreditedShare = 0.05;
    private const double OutOfHoursShare = 0.15;

    protected override bool TellsPlace => false;

    protected override int PeopleMax => 40;

    protected override bool Concerns(Inhabitant person, DateOnly day) => day.Year >= FirstYear;

    protected override int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance)
    {
        var claims = new List<Claim>();
        foreach (var person in told.People)
        {
            claims.Add(new Claim(
                person, chance.Guid(), chance.Between(8 * 60, 19 * 60), chance.Happens(OutOfHoursShare),
                chance.Happens(CreditedShare), chance.Pick<(string, int)>(ClaimCodes.Tariffs),
                chance.Pick<string>(ClaimCodes.Diagnoses)));
        }

        return WriteList(json, "regninger", claims, claim => Write(json, told, claim));
    }

    private static void Write(Utf8JsonWriter json, ServiceDay told, Claim claim)
    {
        var (tariff, amount) = claim.Tariff;
        if (claim.IsCredited) amount = -amount;
        json.WriteString("guid", claim.Id);
        WriteTime(json, "tidspunkt", OsloTime.At(told.Day, claim.Minute));
        json.WriteString("tjenestetype", claim.IsOutOfHours ? ClaimCodes.OutOfHours : ClaimCodes.Practice);
        json.WriteString("praksisKommuneNr", $"{claim.Person.Home}");
        json.WriteString("status", "godkjent");
        json.WriteBoolean("kreditering", claim.IsCredited);
        json.WriteStartArray("diagnoser");
        json.WriteStartObject();
        json.WriteString("kodeverk", "ICPC-2");
        json.WriteString("kode", claim.Diagnosis);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("takster");
        json.WriteStartObject();
        json.WriteString("kode", tariff);
        json.WriteNumber("antall", 1);
        json.WriteNumber("belop", amount);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNumber("egenandel", amount);
        json.WriteNumber("belop", amount);
        WritePerson(json, claim.Person, told.Day, "pasient");
    }

    private sealed record Claim(
        Inhabitant Person, Guid Id, int Minute, bool IsOutOfHours, bool IsCredited, (string Code, int Amount) Tariff,
        string Diagnosis);
}
