using System.Diagnostics;
using System.Globalization;
using Dapper;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// How fast a million claims become contacts: read by their definition, held against its rules, given persons, merged
/// with history and feed, two in a hundred corrected or credited, and read back from <c>register.contact</c>. Beside a
/// plain table that the same rows are copied into.
/// </summary>
internal static class ClaimsBenchmark
{
    private const int ClaimsPerMessage = 1_000;
    private const int Units = 8;
    private const int ClaimsPerPerson = 8;
    private const int ChangeEvery = 50;
    private const int PersonsAsked = 1_000;

    public static Benchmark Definition { get; } = new(
        "claims", "How many claims a second become contacts, compared with copying them into a table?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var count = isQuick ? 50_000 : 1_000_000;
        await using var site = await BenchSite.PrepareAsync(
            new NorwaySize(Units, count / ClaimsPerPerson / Units), ClientKey.CreateEc, cancellation);
        await using var services = site.CreateServices();
        await using var owner = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        var office = site.Senders[0].Unit;
        var persons = PersonsOf(site);
        var desk = MergeDesk.Of(services, "KUHR_Behandlerkrav");
        var plain = new PlainTable(owner);
        await plain.CreateAsync(desk.Records, cancellation);
        var claims = new SyntheticClaims(office, persons, BenchSite.Day);
        var memory = new PeakMemory(Environment.ProcessId);
        var details = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["claims"] = count,
            ["persons, new as they come"] = Math.Min(count, persons.Length),
        };

        var before = await site.OwnProcessorTimeAsync(cancellation);
        var all = Enumerable.Range(0, count).Chunk(ClaimsPerMessage)
            .Select(numbers => (office.Number, claims.Message(numbers, SyntheticClaims.Fate.Told)));
        var load = await desk.TakeAsync(all, plain.LoadAsync, cancellation);
        var time = await site.OwnProcessorTimeAsync(cancellation) - before;
        await TellAsync("first load", string.Create(
            CultureInfo.InvariantCulture,
            $"{count / load.Ours:0} claims/s: {load.Reading:0.0} s to read, {load.Merging:0.0} s to merge; "
            + $"processor, with the rival's, {time.Server.TotalSeconds:0.0} s here, "
            + $"{time.Postgres.TotalSeconds:0.0} s PostgreSQL"));
        await TellAsync("copied into the plain table", $"{Whole(count / load.Rival)} claims/s");

        int[] changed = [.. Enumerable.Range(0, count).Where(claim => claim % ChangeEvery == 0)];
        var changes = await desk.TakeAsync(
            changed.Chunk(ClaimsPerMessage)
                .Select(numbers => (office.Number, claims.Message(numbers, FateOf(numbers[0])))),
            rival: null, cancellation);
        await TellAsync("2 % corrected or credited", $"{Whole(changed.Length / changes.Ours)} claims/s");

        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync("analyze register.kuhr_regning", commandTimeout: 0);
        var credited = changed.Where(claim => FateOf(claim) == SyntheticClaims.Fate.Credited);
        await CheckAsync(connection, claims, Enumerable.Range(0, count).Except(credited));
        await ReadBackAsync(connection, count, TellAsync, cancellation);
        await TellAsync("memory, at most", $"{memory.Mebibytes} MiB, what makes the claims included");

        var (ours, rival) = (count / load.Ours, count / load.Rival);
        return new BenchmarkResult(
            Definition.Question, Math.Round(ours), "claims/s, read, judged, with persons, history and feed",
            "binary COPY of the rows already read into one table with its primary key: nothing read, judged or told",
            Math.Round(rival), Math.Round(ours / rival, 2), "a nation's 44.8 million claims of a year within an hour",
            BenchmarkRun.Machine, details);

        async Task TellAsync(string what, string told)
        {
            details[what] = told;
            await log.WriteLineAsync($"{what}: {told}");
        }
    }

    private static SyntheticPerson[] PersonsOf(BenchSite site) =>
    [
        .. site.Senders.SelectMany(sender => site.Norway.PersonsOf(sender.Unit, BenchSite.Day))
            .Where(person => person.Identifier != default),
    ];

    private static async Task ReadBackAsync(
        NpgsqlConnection connection, int count, Func<string, string, Task> tellAsync, CancellationToken cancellation)
    {
        await tellAsync("contacts counted by area and kind",
            $"{await MillisecondsAsync(connection, CountContacts)} ms; the plain table's claims by practice "
            + $"{await MillisecondsAsync(connection, CountPlain)} ms");
        await tellAsync("contacts read back, each row",
            $"{Whole(count / await ExportAsync(connection, ReadContacts, cancellation))} rows/s; the plain table's "
            + $"{Whole(count / await ExportAsync(connection, ReadPlain, cancellation))}");
        await tellAsync("contacts of a thousand persons, one by one", $"{await AskPersonsAsync(connection)} ms");
        var plainSize = await connection.QuerySingleAsync<double>(PlainBytes) / count;
        await tellAsync("size of a claim",
            $"{Whole(await connection.QuerySingleAsync<double>(RegisterBytes) / count)} bytes with locator, "
            + $"history, feed and indexes; the plain table's {Whole(plainSize)}");
    }

    // Every other message of changes credits.
    private static SyntheticClaims.Fate FateOf(int claim) => claim / ChangeEvery / ClaimsPerMessage % 2 == 0
        ? SyntheticClaims.Fate.Credited
        : SyntheticClaims.Fate.Corrected;

    private static long Whole(double number) => (long)Math.Round(number);

    private static async Task CheckAsync(
        NpgsqlConnection connection, SyntheticClaims claims, IEnumerable<int> standing)
    {
        var expected = standing.Select(claims.ContactOf).OfType<(string, string)>().CountBy(contact => contact)
            .ToDictionary(contact => contact.Key, contact => (long)contact.Value);
        var found = (await connection.QueryAsync<(string, string, long)>(CountContacts, commandTimeout: 0))
            .ToDictionary(contact => (contact.Item1, contact.Item2), contact => contact.Item3);
        if (expected.Count != found.Count || expected.Except(found).Any())
            throw new InvalidOperationException("The contacts are not those that the claims tell of.");
    }

    private static async Task<long> MillisecondsAsync(NpgsqlConnection connection, string query)
    {
        var started = Stopwatch.GetTimestamp();
        await connection.QueryAsync(query, commandTimeout: 0);
        return Whole(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static async Task<double> ExportAsync(
        NpgsqlConnection connection, string query, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var buffer = new byte[1 << 16];
        await using var export = await connection.BeginRawBinaryCopyAsync(
            $"copy ({query}) to stdout (format binary)", cancellation);
        while (await export.ReadAsync(buffer, cancellation) > 0) { }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<long> AskPersonsAsync(NpgsqlConnection connection)
    {
        var persons = (await connection.QueryAsync<long>(
            "select distinct person_key from register.kuhr_regning order by person_key limit @PersonsAsked",
            new { PersonsAsked }, commandTimeout: 0)).AsList();
        var started = Stopwatch.GetTimestamp();
        foreach (var person in persons)
            await connection.QueryAsync($"{ReadContacts} and person_key = @person", new { person });
        return Whole(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private const string CountContacts =
        """
        select service_area, kind, count(*) from register.contact
        where record_table = 'kuhr_regning' group by service_area, kind
        """;

    private const string ReadContacts =
        """
        select record_key, person_key, unit, started_at, service_area, kind, funding, municipality
        from register.contact where record_table = 'kuhr_regning'
        """;

    private const string CountPlain = "select tjenestetype, count(*) from rival.plain group by tjenestetype";

    private const string ReadPlain =
        "select local_id, praksis_org_nr, tidspunkt, tjenestetype, takst_kode, praksis_kommune_nr from rival.plain";

    private const string RegisterBytes =
        """
        select sum(pg_total_relation_size(oid))::float8 from pg_class
        where relnamespace = 'register'::regnamespace and relkind = 'r'
          and (relname like 'kuhr\_regning%' or relname = 'change')
        """;

    private const string PlainBytes = "select pg_total_relation_size('rival.plain')::float8";
}
