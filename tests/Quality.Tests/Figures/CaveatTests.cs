using System.Text;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Caveats;
using Kilde.Quality.Documents;
using Kilde.Quality.Figures;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Figures;

/// <summary>A year that has not come, counted as the year before; marked, undone, and ended by what comes.</summary>
public sealed class CaveatTests(PostgresServer postgres)
{
    private static readonly AccessGround Ground = new(new Actor("user", "ansatt"), "caveat");

    [Fact]
    public async Task A_year_that_did_not_come_is_the_year_before_until_undone_or_it_comes()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await register.TakeInHoursAsync(10);
        await CountAsync(register);
        (await ReadAsync(register)).Years.ShouldBe([2024]);
        var record = register.Get<RecordCaveat>();

        var id = await ImputeAsync(record);

        var report = await ReadAsync(register);
        report.Years.ShouldBe([2025, 2024]);
        report.Find("prove")!.Total!.Now!.Value.Persons.ShouldBe(1);
        report.Find("prove")!.Imputed.Select(each => each.Year).ShouldBe([2025]);
        report.Caveats.ShouldHaveSingleItem().Reason.ShouldBe("Leverte ikke");
        Encoding.UTF8.GetString(FigureFiles.Csv(report, ReportTexts.In("nb"))).ShouldContain("hentet fra året før");
        (await ImputeAsync(record)).ShouldBeNull("it is so already");

        (await record.UndoAsync(id!.Value, "Feil enhet", Ground, Cancellation)).ShouldBeTrue();
        (await record.UndoAsync(id.Value, "Igjen", Ground, Cancellation)).ShouldBeFalse();
        (await ReadAsync(register)).Years.ShouldBe([2024]);

        await ImputeAsync(record);
        await register.TakeInAsync(
            Sender,
            $$"""
            [{ "orgNr": "{{Sender}}", "tjeneste": [{ "tjenesteId": "T-2", "startDato": "2025-06-01", "timer": 10,
               "person": { "fodselsNr": "{{Person}}" } }] }]
            """);
        await CountAsync(register);
        var come = await ReadAsync(register);
        come.Find("prove")!.Imputed.ShouldBeEmpty("the year itself goes first");
        (come.Year, come.Find("prove")!.Total!.Before!.Value.Persons).ShouldBe((2025, 1));
        (await register.QueryAsync<string>(
            "select action from audit.entry where action like 'caveat.%' order by action"))
            .ShouldBe(["caveat.imputed", "caveat.imputed", "caveat.undone"]);
    }

    [Fact]
    public async Task A_reason_is_there_is_short_and_names_nobody()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var record = register.Get<RecordCaveat>();

        foreach (var reason in new[] { "", " ", new string('x', 501), $"gjelder {Person}" })
        {
            await Should.ThrowAsync<ArgumentException>(() => record.AddAsync(
                "1103", YearOf(2025), CaveatKind.Noted, reason, Ground, Cancellation));
        }

        await record.AddAsync("1103", YearOf(2022), CaveatKind.Noted, "Mangler 500", Ground, Cancellation);
        await record.AddAsync("1103", YearOf(2022), CaveatKind.Noted, "Og noe til", Ground, Cancellation);
        var found = await register.Get<FindCaveats>().ReadAsync(2022, ["1103"], Cancellation);
        found.Select(caveat => caveat.Reason).ShouldBe(["Mangler 500", "Og noe til"]);
        (await register.Get<FindCaveats>().ReadAsync(2021, null, Cancellation)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1103", true)]
    [InlineData("0122", true)] // a municipality that is no more
    [InlineData("974760673", true)]
    [InlineData("310000003", false)] // the control digit is another's
    [InlineData("974760674", false)]
    [InlineData("9999999", false)]
    [InlineData("110300", false)]
    [InlineData("0000", false)]
    [InlineData("１１０３", false)]
    [InlineData(" 1103", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_unit_is_a_municipality_or_an_organisation(string? unit, bool isUnit) =>
        RecordCaveat.IsUnit(unit).ShouldBe(isUnit);

    [Fact]
    public async Task A_caveat_of_no_unit_is_not_kept()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);

        await Should.ThrowAsync<ArgumentException>(() => register.Get<RecordCaveat>().AddAsync(
            "110300", YearOf(2025), CaveatKind.Noted, "Mangler 500", Ground, Cancellation));

        (await register.Get<FindCaveats>().ReadAsync(2025, units: null, Cancellation)).ShouldBeEmpty();
    }

    private static Task<Guid?> ImputeAsync(RecordCaveat record) => record.AddAsync(
        Sender.ToString(), YearOf(2025), CaveatKind.Imputed, "Leverte ikke", Ground, Cancellation);

    private static DataYear YearOf(int year) =>
        DataYear.TryFrom(year, out var found) ? found : throw new ArgumentOutOfRangeException(nameof(year));

    private static async Task<FigureReport> ReadAsync(CheckedRegister register) =>
        (await register.Get<FindFigures>().ReadAsync(
            new FigureScope(Sender, Part: null, IsOwner: true), 2025, Cancellation)).ShouldNotBeNull();

    private static async Task CountAsync(CheckedRegister register)
    {
        while (await register.Get<FollowFigures>().StepAsync(Cancellation))
        {
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
