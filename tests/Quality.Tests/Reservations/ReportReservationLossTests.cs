using System.Diagnostics;
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
        loss.Groups.Select(group => $"{group.Group.Nb}: {group.Reserved} of {group.Persons}, {group.Share}").ShouldBe(
        [
            "30–49 år, menn: – of 6, ", "30–49 år, kvinner: <5 of 12, ", "67–79 år, menn: 6 of 11, 0.5455",
            "Oslo: 7 of 18, 0.3889", "Vestland: 6 of 11, 0.5455",
        ]);
        loss.Deviations[LossBy.AgeAndSex].ShouldBe(0.21121m);
        loss.Deviations[LossBy.Region].ShouldBe(0.06681m);
    }

    /// <summary>As many as live in Norway, each told of twice; how long it takes is told, and not judged.</summary>
    [Fact(Explicit = true)]
    public async Task The_whole_population_is_counted()
    {
        const int residents = 5_600_000;
        const int atOnce = 100_000;
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        for (var first = 1; first < residents; first += atOnce)
            await register.QueryAsync<int>(Population, new { first, last = first + atOnce - 1 });

        var began = Stopwatch.GetTimestamp();
        var loss = await register.Get<ReportReservationLoss>().RunAsync(RegisterCode.Kpr, Day, Cancellation);

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{loss.Persons} residents, {loss.Reserved} reserved: {Stopwatch.GetElapsedTime(began)}");
        (loss.Persons, loss.Reserved.Number).ShouldBe((residents, residents / 1000));
    }

    private const string Population =
        """
        set synchronous_commit = off;
        insert into register.freg_person (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, gjelder_fra, registrert_tid, fodselsdato, kjonn, kommune_nr)
        select n, 1, gen_random_uuid(), 'freg', 'freg', told || '-' || n, gen_random_uuid(), gen_random_uuid(),
          date '2020-01-01', 1, now(), 0, date '2010-01-01' + 1000 * told,
          timestamptz '2010-01-01' + told * interval '1000 days',
          date '1930-01-01' + n % 32000, (1 + n % 2)::text, (array['0301', '1201', '1103', '5001', '4601'])[1 + n % 5]
        from generate_series(@first, @last) as n, generate_series(1, 2) as told;
        insert into register.reservasjon (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, omfang, gjelder_fra)
        select n, 1, gen_random_uuid(), 'r', 'r', n::text, gen_random_uuid(), gen_random_uuid(), date '2020-01-01', 1,
          now(), 0, 'KPR', date '2020-01-01'
        from generate_series(@first, @last, 1000) as n
        """;

    [Theory]
    [InlineData(LossBy.AgeAndSex, "01", "0–17 år, menn", "0–17 years, men")]
    [InlineData(LossBy.AgeAndSex, "52", "80 år og mer, kvinner", "80 years and over, women")]
    [InlineData(LossBy.AgeAndSex, "9", "Ukjent alder, ukjent kjønn", "Age unknown, sex unknown")]
    [InlineData(LossBy.Region, "55", "Troms", "Troms")]
    [InlineData(LossBy.Region, "", "Ukjent bosted", "Residence unknown")]
    public void A_group_is_told_in_words(LossBy by, string code, string bokmaal, string english)
    {
        var words = LossWords.Of(new CountedGroup(by, code, 100, 3));

        (words.In("nb"), words.In("en")).ShouldBe((bokmaal, english));
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
