using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>
/// Whatever comes, changes, moves or goes: what was measured along the change feed is what a plain model of the records
/// says, and what a run over everything says.
/// </summary>
public sealed class FollowChangesTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Following_and_running_over_all_come_to_what_the_model_says(int seed)
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var chance = new Dice(seed);
        var model = new Dictionary<(int Sender, int Id), (int Person, int Year, decimal Hours)>();
        for (var round = 0; round < 12; round++)
        {
            for (var messages = chance.Next(1, 4); messages > 0; messages--)
            {
                await SendAsync(register, model, chance);
                if (chance.Next(2) == 0) await register.FollowAsync();
            }

            await register.FollowAsync();
            (await MeasuredAsync(register)).Where(IsOfPersons)
                .ShouldBe(Expected(model).Where(IsOfPersons), ignoreOrder: true);

            await register.FollowAllAsync();

            var followed = await MeasuredAsync(register);
            followed.ShouldBe(Expected(model), ignoreOrder: true);
            (await FoundAsync(register)).ShouldBe(
                Expected(model).Where(each => each.IsFinding).Select(each => each.Key), ignoreOrder: true);
        }

        Expected(model).ShouldContain(each => each.IsFinding);
        await register.Run.RunAsync(register.Run.Checks, _ => { }, TestContext.Current.CancellationToken);
        (await MeasuredAsync(register)).ShouldBe(Expected(model), ignoreOrder: true);
        (await FoundAsync(register)).ShouldBe(
            Expected(model).Where(each => each.IsFinding).Select(each => each.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task A_units_year_is_checked_some_minutes_after_the_first_of_many_changes()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        var model = new Dictionary<(int Sender, int Id), (int Person, int Year, decimal Hours)>();
        await register.FollowAllAsync();
        var (chance, began) = (new Dice(7), register.Clock.GetUtcNow());
        while (register.Clock.GetUtcNow() < began + FollowChanges.UnitPause)
        {
            (await MeasuredAsync(register)).ShouldAllBe(line => IsOfPersons(line));
            await SendAsync(register, model, chance);
            await register.FollowAsync();
        }

        register.Clock.Advance(TimeSpan.FromMinutes(1));
        await register.FollowAsync();

        (await MeasuredAsync(register)).ShouldContain(line => !IsOfPersons(line));
        register.Clock.Advance(FollowChanges.UnitPause);
        await register.FollowAsync();
        (await MeasuredAsync(register)).ShouldBe(Expected(model), ignoreOrder: true);
    }

    private static bool IsOfPersons(Line line) => line.CheckId == CheckedRegister.HoursPerPerson;

    private static async Task SendAsync(
        CheckedRegister register, Dictionary<(int Sender, int Id), (int Person, int Year, decimal Hours)> model,
        Dice chance)
    {
        var sender = chance.Next(Senders.Count);
        var rows = new Dictionary<int, (int Person, int Year, decimal Hours)>();
        for (var count = chance.Next(1, 5); count > 0; count--)
        {
            rows[chance.Next(8)] = (
                chance.Next(Persons.Count), 2023 + chance.Next(3), decimal.Round(chance.Next(0, 800) / 10m, 1));
        }

        int[] gone = [.. Enumerable.Range(0, 8).Where(id => !rows.ContainsKey(id) && chance.Next(5) == 0)];
        var records = rows.Select(row =>
            $$"""
            { "tjenesteId": "T-{{row.Key}}", "startDato": "{{row.Value.Year}}-06-01",
              "timer": {{FormattableString.Invariant($"{row.Value.Hours}")}},
              "person": { "fodselsNr": "{{Persons[row.Value.Person]}}" } }
            """);
        var deletions = gone.Select(id => $$"""{ "tjenesteId": "T-{{id}}", "erSlettet": true }""");
        await register.TakeInAsync(
            Senders[sender],
            $$"""
            [{ "orgNr": "{{Senders[sender]}}", "tjeneste": [{{string.Join(',', records)}}],
               "slettTjeneste": [{{string.Join(',', deletions)}}] }]
            """);
        foreach (var (id, row) in rows) model[(sender, id)] = row;
        foreach (var id in gone) model.Remove((sender, id));
    }

    // Persons are known to the model by their place, to the register by their key: hours and unit tell them apart well
    // enough, as the sums are compared as a multiset.
    private static List<Line> Expected(Dictionary<(int Sender, int Id), (int Person, int Year, decimal Hours)> model)
    {
        var hours = model.GroupBy(row => (row.Key.Sender, row.Value.Person, row.Value.Year))
            .Select(group => new Line(
                CheckedRegister.HoursPerPerson, $"{Senders[group.Key.Sender]}", group.Key.Year,
                group.Sum(row => row.Value.Hours), null))
            .Where(line => line.Measured > 50);
        var counts = model.GroupBy(row => (row.Key.Sender, row.Value.Year))
            .ToDictionary(group => group.Key, group => group.Count());
        var drops = counts.Select(count => new Line(
                CheckedRegister.RecordsPerYear, $"{Senders[count.Key.Sender]}", count.Key.Year + 1,
                counts.GetValueOrDefault((count.Key.Sender, count.Key.Year + 1)), count.Value))
            .Where(line => line.Measured < line.Basis);
        return [.. hours, .. drops];
    }

    private static Task<IReadOnlyList<Line>> MeasuredAsync(CheckedRegister register) => register.QueryAsync<Line>(
        "select check_id, unit, data_year, measured, basis from quality.measurement");

    private static async Task<IReadOnlyList<string>> FoundAsync(CheckedRegister register) =>
    [
        .. (await register.QueryAsync<Line>(
            "select check_id, unit, data_year, measured, basis from quality.finding where closed_at is null"))
        .Select(each => each.Key),
    ];

    private sealed record Line(string CheckId, string Unit, int DataYear, decimal Measured, decimal? Basis)
    {
        public bool IsFinding => CheckId == CheckedRegister.RecordsPerYear || Measured > 100;

        public string Key => FormattableString.Invariant($"{CheckId} {Unit} {DataYear} {Measured:0.0} {Basis:0}");
    }
}
