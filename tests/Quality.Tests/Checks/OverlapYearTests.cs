using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>
/// A year that is told by a file of the whole year and day by day is counted from one of them, and where they differ is
/// told exactly, whatever comes in whatever order (R2.14).
/// </summary>
public sealed class OverlapYearTests(PostgresServer postgres)
{
    private const int FirstYear = 2024;
    private const int Ids = 6;

    private const int PersonCount = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task One_source_counts_and_what_differs_is_told(int seed)
    {
        await using var register = await CheckedRegister.StartAsync(postgres, OverlapDefinitions.Files);
        var chance = new Dice(seed);
        var model = new Model();
        for (var round = 0; round < 14; round++)
        {
            for (var messages = chance.Next(1, 3); messages > 0; messages--) await SendAsync(register, model, chance);
            await register.FollowAllAsync();

            (await CountedAsync(register)).ShouldBe(model.Counted().Select(Text), ignoreOrder: true);
            (await MeasuredAsync(register)).ShouldBe(Expected(model), ignoreOrder: true);
        }

        model.Differences().ShouldNotBeEmpty();
        await register.Run.RunAsync(register.Run.Checks, _ => { }, Cancellation);
        (await MeasuredAsync(register)).ShouldBe(Expected(model), ignoreOrder: true);
    }

    private static Task SendAsync(CheckedRegister register, Model model, Dice chance)
    {
        var (sender, year) = (chance.Next(Senders.Count), FirstYear + chance.Next(2));
        var services = Enumerable.Range(0, Ids).Where(_ => chance.Next(2) == 0).ToDictionary(
            id => id,
            _ => new Service(sender, year, chance.Next(PersonCount), chance.Next(1, 4), chance.Next(1, 4)));
        if (chance.Next(3) == 0)
        {
            model.Files[(sender, year)] = [.. services.Values];
            return register.TakeInYearAsync(Senders[sender], YearOf(sender, year, services));
        }

        var gone = Enumerable.Range(0, Ids).Where(id => !services.ContainsKey(id) && chance.Next(4) == 0).ToList();
        foreach (var (id, service) in services) model.Daily[(sender, id)] = service;
        foreach (var id in gone) model.Daily.Remove((sender, id));
        return register.TakeInAsync(Senders[sender], DayOf(sender, services, gone));
    }

    private static string YearOf(int sender, int year, Dictionary<int, Service> services) =>
        $"""
        <Melding xmlns="urn:kilde:prove:ar:1" fra="{year}-01-01" til="{year}-12-31">
          <Kommune orgNr="{Senders[sender]}">
            {string.Concat(services.Select(each =>
                $"""
                <Bruker nr="{each.Value.Person}" fnr="{Persons[each.Value.Person]}">
                  <Tjeneste id="{each.Key}" start="{each.Value.StartText}" timer="{each.Value.Hours}"/>
                </Bruker>
                """))}
          </Kommune>
        </Melding>
        """;

    private static string DayOf(int sender, Dictionary<int, Service> services, List<int> gone)
    {
        var records = services.Select(each =>
            $$"""
            { "tjenesteId": "T-{{each.Key}}", "startDato": "{{each.Value.StartText}}", "timer": {{each.Value.Hours}},
              "person": { "fodselsNr": "{{Persons[each.Value.Person]}}" } }
            """);
        var deletions = gone.Select(id => $$"""{ "tjenesteId": "T-{{id}}", "erSlettet": true }""");
        return $$"""
            [{ "orgNr": "{{Senders[sender]}}", "tjeneste": [{{string.Join(',', records)}}],
               "slettTjeneste": [{{string.Join(',', deletions)}}] }]
            """;
    }

    private static List<string> Expected(Model model)
    {
        var hours = model.Counted().GroupBy(service => (service.Sender, service.Year, service.Person))
            .Select(group => (group.Key, Hours: group.Sum(each => each.Hours)))
            .Select(of => FormattableString.Invariant(
                $"{OverlapDefinitions.Hours} {Senders[of.Key.Sender]} {of.Key.Year} {of.Hours} "));
        var differences = model.Differences().Select(each => FormattableString.Invariant(
            $"{OverlapDefinitions.Differences} {Senders[each.Sender]} {each.Year} {each.Ways} {each.Text}"));
        return [.. hours, .. differences];
    }

    private static async Task<IReadOnlyList<string>> MeasuredAsync(CheckedRegister register) =>
        await register.QueryAsync<string>(
            """
            select concat(check_id, ' ', unit, ' ', data_year, ' ', trunc(measured), ' ', detail)
            from quality.measurement
            where measured > 0
            """);

    private static async Task<IReadOnlyList<string>> CountedAsync(CheckedRegister register) =>
        await register.QueryAsync<string>(
            "select concat(sender, ' ', started_on, ' ', trunc(hours_per_week)) from register.service");

    private static string Text(Service service) => FormattableString.Invariant(
        $"{Senders[service.Sender]} {service.StartText} {service.Hours}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private sealed record Service(int Sender, int Year, int Person, int Month, int Hours)
    {
        public string StartText => FormattableString.Invariant($"{Year}-{Month:00}-01");
    }

    private sealed record Difference(int Sender, int Year, int Ways, string Text);

    /// <summary>What has come, and what it amounts to, said as plainly as can be.</summary>
    private sealed class Model
    {
        public Dictionary<(int Sender, int Year), List<Service>> Files { get; } = [];

        public Dictionary<(int Sender, int Id), Service> Daily { get; } = [];

        public IEnumerable<Service> Counted() => Years().SelectMany(year =>
            IsCountedByFile(year) ? Files.GetValueOrDefault(year, []) : DailyOf(year));

        public IEnumerable<Difference> Differences() => Years().SelectMany(year =>
        {
            var (file, daily) = (Files.GetValueOrDefault(year, []), DailyOf(year));
            if (file.Count == 0 || daily.Count == 0) return [];
            return Enumerable.Range(0, PersonCount).SelectMany(person => Between(
                [.. file.Where(each => each.Person == person)], [.. daily.Where(each => each.Person == person)], year));
        });

        private static bool IsDeclared((int Sender, int Year) year) => year is { Sender: 1, Year: >= 2025 };

        private IEnumerable<(int Sender, int Year)> Years() =>
            Files.Keys.Concat(Daily.Values.Select(each => (each.Sender, each.Year))).Distinct();

        private bool IsCountedByFile((int Sender, int Year) year) => !IsDeclared(year) && Files.ContainsKey(year);

        private List<Service> DailyOf((int Sender, int Year) year) =>
            [.. Daily.Values.Where(each => (each.Sender, each.Year) == year)];

        private IEnumerable<Difference> Between(List<Service> file, List<Service> daily, (int Sender, int Year) year)
        {
            var (counted, other) = IsCountedByFile(year) ? (file, daily) : (daily, file);
            var names = IsCountedByFile(year) ? ("prove_ar", "prove_tjeneste") : ("prove_tjeneste", "prove_ar");
            counted = [.. counted.OrderBy(each => each.Month).ThenBy(each => each.Hours)];
            other = [.. other.OrderBy(each => each.Month).ThenBy(each => each.Hours)];
            var pairs = new List<(Service, Service)>();
            foreach (var one in counted.ToList())
            {
                if (other.FirstOrDefault(each => each.Month == one.Month) is not { } same) continue;
                pairs.Add((one, same));
                counted.Remove(one);
                other.Remove(same);
            }

            pairs.AddRange(counted.Zip(other));
            foreach (var (one, same) in pairs)
            {
                string[] ways =
                [
                    .. one.Month == same.Month ? Array.Empty<string>() : ["ulik start"],
                    .. one.Hours == same.Hours ? Array.Empty<string>() : ["ulike timer"],
                ];
                if (ways.Length > 0)
                    yield return Told(ways.Length, $"{string.Join(" og ", ways)} i {names.Item1} og {names.Item2}");
            }

            foreach (var _ in counted.Skip(other.Count)) yield return Told(1, $"bare i {names.Item1}");
            foreach (var _ in other.Skip(counted.Count)) yield return Told(1, $"bare i {names.Item2}");

            Difference Told(int ways, string text) => new(year.Sender, year.Year, ways, $"tjenestetype 15, {text}");
        }
    }
}
