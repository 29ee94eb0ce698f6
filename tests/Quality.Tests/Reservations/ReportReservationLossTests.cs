using Kilde.Kernel;
using Kilde.Protection;
using Kilde.Quality.Reservations;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Reservations;

/// <summary>Who is missing because they have reserved, held against the population (R7.46).</summary>
public sealed class ReportReservationLossTests(PostgresServer postgres)
{
    private static readonly DateOnly Day = new(2026, 1, 1);

    /// <summary>
    /// Twelve women of 40 in Oslo, eleven men of 70 in Bergen, told in its old number, six men of 40 in Oslo, and one
    /// who is dead. Two, six and five of them have reserved.
    /// </summary>
    [Fact]
    public async Task Those_who_have_reserved_are_held_against_the_population_by_age_sex_and_region()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        await TellAsync(register, "FREG_Person", "person", Enumerable.Range(0, 30).Select(n =>
            $$"""
            "hendelseId": "F-{{n}}", "gjelderFra": "2019-01-01", "registrertTid": "2019-01-02T10:00:00+01:00",
            "hendelsestype": "3", "fodselsdato": "{{(n is > 11 and < 23 ? 1955 : 1985)}}-04-01",
            "kjonn": "{{(n < 12 ? 2 : 1)}}", "kommuneNr": "{{(n is > 11 and < 23 ? "1201" : "0301")}}",
            {{(n == 29 ? "\"dodsdato\": \"2025-03-01\"," : "")}} {{Who(n)}}
            """));
        int[] reserved = [0, 1, .. Enumerable.Range(12, 6), .. Enumerable.Range(23, 5), 29];
        await TellAsync(register, "Reservasjon", "reservasjon",
        [
            .. reserved.Select(n => Reservation(n, "KPR")), Reservation(2, "NPR"),
            Reservation(3, "KPR", "\"trukketDato\": \"2025-12-31\","), Reservation(4, "KPR", from: "2026-01-02"),
        ]);

        var loss = await register.Get<ReportReservationLoss>().RunAsync(RegisterCode.Kpr, Day, Cancellation);

        (loss.Persons, loss.Reserved.Number).ShouldBe((29, 13));
        loss.Groups.Select(group => $"{group.Group}: {group.Reserved} of {group.Persons}, {group.Share}").ShouldBe(
        [
            "30–49 år, kvinner: <5 of 12, ", "30–49 år, menn: – of 6, ", "67–79 år, menn: 6 of 11, 0.5455",
            "03: 7 of 18, 0.3889", "46: 6 of 11, 0.5455",
        ]);
        loss.Deviations[LossBy.AgeAndSex].ShouldBe(0.21121m);
        loss.Deviations[LossBy.Region].ShouldBe(0.06681m);
    }

    [Fact]
    public void Where_few_have_reserved_nothing_tells_how_many()
    {
        var loss = ReportReservationLoss.Of(
            Day, [new(LossBy.Region, "03", 100, 3), new(LossBy.Region, "46", 100, 0)]);

        loss.Reserved.ShouldBe(new ToldNumber(null, IsFew: true));
        loss.Deviations[LossBy.Region].ShouldBeNull();
        loss.Groups[0].Reserved.ToString().ShouldBe("<5");
        loss.Groups.ShouldAllBe(group => group.Share == null || group.Share == 0);
    }

    private static string Reservation(int person, string scope, string more = "", string from = "2024-06-01") =>
        $$"""
        "reservasjonId": "R-{{person}}", "registrertTid": "2024-06-01T10:00:00+02:00", "omfang": "{{scope}}",
        "gjelderFra": "{{from}}", {{more}} {{Who(person)}}
        """;

    private static string Who(int person) => $$"""
        "identifikasjon": { "fodselsNr": "{{ManyPersons[person]}}" }
        """;

    private static Task TellAsync(
        CheckedRegister register, string type, string records, IEnumerable<string> told) => register.TakeInAsync(
        Sender,
        $$"""[{ "orgNr": "{{Sender}}", "{{records}}": [{{string.Join(',', told.Select(each => $"{{{each}}}"))}}] }]""",
        type);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
