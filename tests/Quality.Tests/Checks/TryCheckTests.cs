using Kilde.Definitions;
using Kilde.Definitions.Compiling;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>A check is tried on past years before it counts, and leaves nothing behind.</summary>
public sealed class TryCheckTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_trial_tells_what_would_be_found_in_the_years_asked_for_and_keeps_nothing()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await TakeInAsync(register, (2023, 130), (2024, 120), (2025, 90));
        var check = register.CheckOf(CheckedRegister.HoursPerPerson);

        var trial = await register.Get<TryCheck>().RunAsync(check, 2023, 2024, 10, Cancellation);

        trial.Counts.ShouldBe([new TrialCount($"{Sender}", 2023, 1), new TrialCount($"{Sender}", 2024, 1)]);
        trial.Samples.Select(each => each.Measured).ShouldBe([120m, 130m]);
        FindingText.Of(trial.Samples[0], trial.Limits).ShouldBe("For mange timer: 120");
        (await register.Get<TryCheck>().RunAsync(check, 2025, 2025, 10, Cancellation)).Findings.ShouldBe(0);
        (await register.QueryAsync<string>("select check_id from quality.measurement")).ShouldBeEmpty();
        (await register.QueryAsync<string>("select check_id from quality.finding")).ShouldBeEmpty();
        (await register.QueryAsync<string>("select check_id from quality.checked")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_trial_of_all_years_finds_is_what_the_check_finds_when_it_runs()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await TakeInAsync(register, (2022, 101), (2023, 130), (2023, 20), (2024, 12));
        await register.FollowAllAsync();

        foreach (var check in register.Run.Checks)
        {
            var trial = await register.Get<TryCheck>().RunAsync(check, 1980, 2099, 100, Cancellation);
            var found = await register.Get<FindFindings>().FindAsync(
                new FindingFilter(Unit: null, check.Id), 100, Cancellation);
            trial.Samples.Select(each => (each.Unit, each.DataYear, each.Measured, each.Basis)).ShouldBe(
                found.Select(each => (each.Unit, each.DataYear, each.Measured, each.Basis)), ignoreOrder: true);
            found.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task An_edited_file_is_tried_before_it_is_installed_and_its_mistakes_are_told()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await TakeInAsync(register, (2024, 80));
        var text = CheckedDefinitions.Files["checks/kpr-prv-001.yaml"];
        var file = Path.GetTempFileName();

        await File.WriteAllTextAsync(
            file, text.Replace("value: 100", "value: 70", StringComparison.Ordinal), Cancellation);
        var edited = register.Get<DefinitionCatalogue>().ReadCheck(file);
        (await register.Get<TryCheck>().RunAsync(edited, 2024, 2024, 10, Cancellation)).Findings.ShouldBe(1);

        await File.WriteAllTextAsync(file, text.Replace("@hours", "@weeks", StringComparison.Ordinal), Cancellation);
        Should.Throw<DefinitionException>(() => register.Get<DefinitionCatalogue>().ReadCheck(file))
            .Mistakes.ShouldHaveSingleItem().Text.ShouldContain("@weeks");

        await File.WriteAllTextAsync(
            file, text.Replace("scope: person", "scope: unit", StringComparison.Ordinal), Cancellation);
        Should.Throw<DefinitionException>(() => register.Get<DefinitionCatalogue>().ReadCheck(file))
            .Mistakes.ShouldHaveSingleItem().Id.ShouldBe("DEF-057", "a unit's finding names no person to hold out");
        File.Delete(file);
    }

    private static async Task TakeInAsync(CheckedRegister register, params (int Year, int Hours)[] services)
    {
        var records = services.Select((each, at) =>
            $$"""
            { "tjenesteId": "T-{{at}}", "startDato": "{{each.Year}}-06-01", "timer": {{each.Hours}},
              "person": { "fodselsNr": "{{Person}}" } }
            """);
        await register.TakeInAsync(
            Sender, $$"""[{ "orgNr": "{{Sender}}", "tjeneste": [{{string.Join(',', records)}}] }]""");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
