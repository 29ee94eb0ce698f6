using System.Globalization;
using System.Text;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// How fast records of daily messages become records of the register: persons, history and feed, first load, unchanged
/// and with every fiftieth changed, beside a plain table that is filled with <c>insert … on conflict</c>.
/// </summary>
internal static class RegisterBenchmark
{
    private const int RecordsPerMessage = 1_000;
    private const int ChangeEvery = 50;
    private const string Changed = "\"erHjemmebesok\":2";

    public static Benchmark Definition { get; } = new(
        "register", "How many records of daily messages are merged a second, compared with a plain table?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var messages = isQuick ? 20 : 200;
        await using var site = await BenchSite.PrepareAsync(new NorwaySize(4, 500), ClientKey.CreateEc, cancellation);
        await using var services = site.CreateServices();
        var desk = MergeDesk.Of(services, "HST_Konsultasjon");
        await using var owner = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        var plain = new PlainTable(owner);
        await plain.CreateAsync(desk.Records, cancellation);

        var details = new Dictionary<string, object>(StringComparer.Ordinal);
        var rates = new List<(double Register, double Plain)>();
        foreach (var (what, isChanged) in new[] { ("first load", false), ("unchanged", false), ("2 % changed", true) })
        {
            var before = await site.OwnProcessorTimeAsync(cancellation);
            var (_, ours, theirs) = await desk.TakeAsync(
                Enumerable.Range(0, messages).Select(number => MessageOf(site, number, isChanged)), plain.TakeAsync,
                cancellation);
            var time = await site.OwnProcessorTimeAsync(cancellation) - before;
            var records = (double)messages * RecordsPerMessage;
            rates.Add((records / ours, records / theirs));
            details[what] = string.Create(
                CultureInfo.InvariantCulture,
                $"{records / ours:0} records/s, plain table {records / theirs:0}; {ours:0.00} s; "
                + $"processor of both {time.Server.TotalSeconds:0.0} s here, "
                + $"{time.Postgres.TotalSeconds:0.0} s PostgreSQL");
            await log.WriteLineAsync($"{what}: {details[what]}");
        }

        var (unchanged, rival) = rates[1];
        return new BenchmarkResult(
            Definition.Question, Math.Round(unchanged), "unchanged records/s, with persons, history and feed",
            "insert … on conflict do update where distinct, over binary COPY: no persons, history or feed",
            Math.Round(rival), Math.Round(unchanged / rival, 2), "a resend as fast as into a plain table",
            BenchmarkRun.Machine, details);
    }

    private static (OrganizationNumber Sender, byte[] Message) MessageOf(BenchSite site, int number, bool isChanged)
    {
        var sender = site.Senders[number % site.Senders.Count];
        SyntheticPerson[] persons =
        [
            .. site.Norway.PersonsOf(sender.Unit, BenchSite.Day)
                .Where(each => each.Standing != PersonStanding.LocalOnly),
        ];
        var person = persons[number % persons.Length];
        var message = BenchMessage.Write(sender.Unit, [person], $"r{number}", BenchSite.Day, RecordsPerMessage);
        return (sender.Unit.Number, isChanged ? WithChanges(message) : message);
    }

    private static byte[] WithChanges(byte[] message)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(message));
        var all = text.ToString();
        var at = -1;
        for (var record = 0; (at = all.IndexOf(Changed, at + 1, StringComparison.Ordinal)) >= 0; record++)
        {
            if (record % ChangeEvery == 0) text[at + Changed.Length - 1] = '1';
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
