using System.Globalization;
using System.Text;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Completeness;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Completeness;

/// <summary>A quality registry held against the register, both ways (R7.43).</summary>
public sealed class AnalyseCompletenessTests(PostgresServer postgres)
{
    private static readonly AccessGround Ground =
        new(new Actor("user", "staff-1"), "dekningsgradsanalyse", "SAK-7");

    private static readonly CompletenessQuestion Question =
        new("Prøveregisteret", RegisterCode.Kpr, DataYear.Parse("2024"), ["J1"], DaysApart: 1);

    /// <summary>
    /// The first unit has treated persons 0–13, and 14 for something else; the registry knows 6–11 of them, 14, one
    /// whom the other unit has treated and one whom nobody else has heard of.
    /// </summary>
    [Fact]
    public async Task Completeness_is_counted_both_ways_by_person_and_by_contact_and_low_ones_are_told_to_the_unit()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        await TakeInAsync(register, Sender, [.. Enumerable.Range(0, 14).Select(n => (n, "J18", 10)), (14, "R81", 10)]);
        await TakeInAsync(register, Other, [.. Enumerable.Range(15, 12).Select(n => (n, "J15", 3)), (0, "J18", 20)]);
        await register.FollowAllAsync();
        string[] list =
        [
            "dato;person;enhet",
            .. Enumerable.Range(6, 6).Select(n => $"2024-05-11;{ManyPersons[n]};{Sender}"),
            $"2024-05-11;{ManyPersons[6]};{Sender}",
            $"2024-05-13;{ManyPersons[7]};{Sender}",
            $"2024-05-10;{ManyPersons[14]};{Sender}", $"2024-05-10;{ManyPersons[15]};{Sender}",
            $"2024-05-10;{ManyPersons[29]};{Sender}", $"2024-05-10;{ManyPersons[29]};{Sender}",
            $"2024-05-10;;{Sender}", $"2023-05-10;{ManyPersons[6]};{Sender}",
            .. Enumerable.Range(15, 6).Select(n => $"2024-05-03;{ManyPersons[n]};{Other}"),
        ];

        var analysis = await AnalyseAsync(register, string.Join('\n', list));

        (analysis.Rows, analysis.OtherYears, analysis.WithoutNumber).ShouldBe((19, 1, 1));
        var persons = analysis.Units.Where(unit => unit.Basis == CompletenessBasis.Persons).ToList();
        Told(persons.Single(unit => unit.Unit == $"{Sender}")).ShouldBe("<5 6 8, ≥0.467 ≥0.778");
        Told(persons.Single(unit => unit.Unit == $"{Other}")).ShouldBe("0 6 7, 0.462 1.000");
        Told(persons.Single(unit => unit.Unit is null)).ShouldBe("<5 12 14, ≥0.481 ≥0.867");
        var contacts = analysis.Units.Single(
            unit => unit.Basis == CompletenessBasis.Contacts && unit.Unit == $"{Sender}");
        Told(contacts).ShouldBe("<5 6 8, ≥0.467 ≥0.778", "one contact twice is one, and two days off is another");

        var found = await register.Get<FindFindings>().FindAsync(
            new FindingFilter(Unit: null, "KPR-DEK-001"), 10, Cancellation);
        found.Select(each => (each.Unit, each.DataYear, each.Measured, each.Detail)).ShouldBe(
            [($"{Sender}", 2024, 0.53m, "Prøveregisteret"), ($"{Other}", 2024, 0.46m, "Prøveregisteret")],
            ignoreOrder: true);
        var finding = found.Single(each => each.Unit == $"{Sender}");

        var complete = list.Concat(Enumerable.Range(0, 14).Select(n => $"2024-05-10;{ManyPersons[n]};{Sender}"));
        await AnalyseAsync(register, string.Join('\n', complete));
        (await register.Get<FindFindings>().GetAsync(finding.FindingId, unit: null, Cancellation))!
            .Line.State.ShouldBe(FindingState.Corrected, "a newer analysis takes the place of the older");
    }

    [Fact]
    public async Task A_list_leaves_no_number_behind_and_adds_nobody_to_the_vault()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        await TakeInAsync(register, Sender, [(0, "J18", 10)]);
        var known = await CountAsync();

        await AnalyseAsync(
            register,
            string.Join('\n', new[] { 0, 28, 29 }.Select(n =>
                $$"""{"person":"{{ManyPersons[n]}}","enhet":"{{Sender}}","dato":"2024-05-10"}""")),
            RegistryListForm.Ndjson);

        (await CountAsync()).ShouldBe(known);
        const string entries = "select concat_ws(' ', actor_id, purpose, case_reference, count) from audit.entry "
            + "where action = @action";
        (await register.QueryVaultAsync<string>(entries, new { action = "identity.find" }))
            .ShouldBe(["staff-1 dekningsgradsanalyse SAK-7 3"]);
        (await register.QueryAsync<string>(entries, new { action = "quality.completeness" }))
            .ShouldHaveSingleItem().ShouldStartWith("staff-1 dekningsgradsanalyse SAK-7");
        foreach (var table in new[] { "completeness", "completeness_unit", "finding", "measurement" })
        {
            var rows = string.Join('\n', await register.QueryAsync<string>($"select t::text from quality.{table} t"));
            foreach (var number in ManyPersons) rows.ShouldNotContain(number);
        }

        await Should.ThrowAsync<ArgumentException>(() => AnalyseAsync(
            register, $"person;enhet;dato\n{Person};{Sender};2024-05-10",
            ground: Ground with { CaseReference = null }));
        (await register.QueryAsync<long>("select count(*) from quality.completeness")).ShouldBe([1]);

        async Task<long> CountAsync() =>
            (await register.QueryVaultAsync<long>("select count(*) from identity.identifier"))[0];
    }

    [Theory]
    [InlineData("person;enhet;dato\n{0};974760673;10.05.2024", "Linje 2: «dato»")]
    [InlineData("person;enhet;dato\n;{0};2024-05-10", "Linje 2: «enhet»")]
    [InlineData("enhet;dato\n974760673;2024-05-10", "Linje 1: overskriften")]
    [InlineData("person;enhet;dato\n{0}", "Linje 2: linjen har færre felter")]
    public async Task What_is_wrong_with_a_list_is_told_without_what_stands_there(string list, string says)
    {
        var reader = new RegistryList(RegistryListForm.Csv, PersonIdentifierPolicy.Test);

        var refusal = await Should.ThrowAsync<RegistryListException>(async () =>
        {
            await foreach (var row in reader.ReadAsync(
                StreamOf(list.Replace("{0}", Person, StringComparison.Ordinal)), Cancellation))
            {
                row.ToString().ShouldNotContain(Person);
            }
        });

        refusal.Message.ShouldStartWith(says);
        refusal.ToString().ShouldNotContain(Person);
    }

    /// <summary>Of a column that is told as a whole, one hidden number is never alone.</summary>
    [Fact]
    public void What_is_few_cannot_be_worked_out_from_the_whole()
    {
        var shown = ShowCompleteness.Of(
        [
            Counted(null, 20, 60, 29), Counted("A", 2, 20, 7), Counted("B", 8, 20, 10), Counted("C", 10, 20, 12),
        ]);

        shown.Select(Told).ShouldBe(
            ["20 60 29, 0.734 0.817", "<5 20 7, ≥0.750 ≥0.871", "– 20 10, – –", "10 20 12, 0.714 0.762"]);

        static CountedUnit Counted(string? unit, long onlyRegistry, long inBoth, long onlyRegister) =>
            new(unit, CompletenessBasis.Persons, onlyRegistry, inBoth, onlyRegister);
    }

    private static string Told(UnitCompleteness unit) =>
        $"{unit.OnlyRegistry} {unit.Both} {unit.OnlyRegister}, {Told(unit.OfRegistry)} {Told(unit.OfRegister)}";

    private static string Told(ToldShare share) => share.Share is { } told
        ? string.Create(CultureInfo.InvariantCulture, $"{(share.IsAtLeast ? "≥" : "")}{told:0.000}")
        : "–";

    private static Task<CompletenessAnalysis> AnalyseAsync(
        CheckedRegister register, string list, RegistryListForm form = RegistryListForm.Csv,
        AccessGround? ground = null) =>
        register.Get<AnalyseCompleteness>().RunAsync(
            Question, StreamOf(list), form, PersonIdentifierPolicy.Test, ground ?? Ground, Cancellation);

    private static async Task TakeInAsync(
        CheckedRegister register, OrganizationNumber sender, params (int Person, string Code, int Day)[] stays)
    {
        var records = stays.Select(stay =>
            $$"""
            { "oppholdId": "O-{{stay.Person}}", "innTid": "2024-05-{{stay.Day:00}}T10:00:00+02:00",
              "utTid": "2024-05-{{stay.Day:00}}T20:00:00+02:00", "henvisendeInstans": "2",
              "diagnoser": [{ "kodeverk": "H", "kode": "{{stay.Code}}" }],
              "person": { "fodselsNr": "{{ManyPersons[stay.Person]}}" } }
            """);
        await register.TakeInAsync(
            sender,
            $$"""[{ "orgNr": "{{sender}}", "kommuneNr": "0301", "opphold": [{{string.Join(',', records)}}] }]""",
            "KOHD_Opphold");
    }

    private static MemoryStream StreamOf(string list) => new(Encoding.UTF8.GetBytes(list));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
