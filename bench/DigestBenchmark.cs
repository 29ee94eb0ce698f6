using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Kilde.Register.Merging;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// What it costs a sender of a million contacts to find the hundred that differ: over the API of a server in a process
/// of its own, beside fetching the list of all its contacts.
/// </summary>
internal static class DigestBenchmark
{
    private const string Type = "Basismelding";
    private const int ContactsPerMessage = 5_000;
    private const int MessagesPerMerge = 2;
    private const int PersonCount = 50_000;
    private const int Differences = 100;

    public static Benchmark Definition { get; } = new(
        "digest", "How many bytes does it take to find 100 differences among a million contacts?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var messages = isQuick ? 8 : 200;
        await using var site = await BenchSite.PrepareAsync(new NorwaySize(4, 50), ClientKey.CreateEc, cancellation);
        using var http = new HttpClient();
        await site.StartServerAsync(http, cancellation);
        var sender = site.Senders[0];
        var register = site.Connect(http, sender).Compare(Type, "1", record: null, BenchSite.Day);
        var own = new OwnRecords(await register.ReadKeyAsync(cancellation), $"{sender.Unit.Number}");
        await log.WriteLineAsync("Filling the register …");
        await FillAsync(site, sender.Unit, messages, own, cancellation);

        var sorting = Stopwatch.GetTimestamp();
        var sorted = own.Sorted(RecordMonth.None, RecordMonth.Max);
        var sort = Stopwatch.GetElapsedTime(sorting).TotalSeconds;
        var (before, bytes, questions) =
            (await site.ProcessorTimeAsync(cancellation), register.Bytes, register.Questions);
        var started = Stopwatch.GetTimestamp();
        var found = await FindDifferences.FindAsync(
            sorted, register, RecordMonth.None, RecordMonth.Max, progress: null, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var time = await site.ProcessorTimeAsync(cancellation) - before;
        (bytes, questions) = (register.Bytes - bytes, register.Questions - questions);
        if (found.Count != Differences)
            throw new InvalidOperationException($"{found.Count} differences are found, and there are {Differences}.");

        var (listBytes, listSeconds) = await ListAsync(site, cancellation);
        var alike = await AskPlacesAsync(register, cancellation);
        var year = await DigestedYear.MeasureAsync(site, messages * ContactsPerMessage, cancellation);
        return new BenchmarkResult(
            Definition.Question, bytes, "bytes of questions and answers",
            "the list of all contacts: local id and eight bytes of digest each", listBytes,
            Math.Round((double)listBytes / bytes, 1), "traffic in proportion to the difference", BenchmarkRun.Machine,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["contacts"] = messages * ContactsPerMessage,
                ["differences"] = found.Count,
                ["questions"] = questions,
                ["comparing"] = Told($"{seconds:0.00} s, the answers included"),
                ["processor of the server"] = Told($"{time.Server.TotalSeconds:0.00} s"),
                ["processor of PostgreSQL"] = Told($"{time.Postgres.TotalSeconds:0.00} s"),
                ["sender: sorting its digests"] = Told($"{sort:0.00} s"),
                ["nothing differs"] = alike,
                ["the list"] = Told($"{listSeconds:0.00} s to read and send on this machine, not counting the network"),
            }.Concat(year).ToDictionary(StringComparer.Ordinal));
    }

    // The register gets all but what is missing there; the sender keeps all but what is extra there, some changed.
    private static async Task FillAsync(
        BenchSite site, SyntheticUnit unit, int messages, OwnRecords own, CancellationToken cancellation)
    {
        await using var services = site.CreateServices();
        var catalogue = services.GetRequiredService<DefinitionCatalogue>();
        var reader = catalogue.ReaderOf(catalogue.Find(Type, "1")!);
        var merge = services.GetRequiredService<RegisterMerge>();
        var options = new ReadOptions(PersonIdentifierPolicy.Test, BenchSite.Day);
        var step = messages * ContactsPerMessage / Differences;
        foreach (var numbers in Enumerable.Range(0, messages).Chunk(MessagesPerMerge))
        {
            var contents = new List<SubmissionContent>();
            foreach (var number in numbers)
            {
                var theirs = Read(reader, Message(unit, number, step, isOwn: false), options);
                contents.Add(new SubmissionContent(
                    Guid.CreateVersion7(), unit.Number, BenchSite.Day, theirs));
                foreach (var batch in Read(reader, Message(unit, number, step, isOwn: true), options).Batches)
                    own.Add(batch);
            }

            await merge.MergeAsync(contents, (_, _) => Task.CompletedTask, cancellation);
        }
    }

    private static MessageContent Read(MessageReader reader, byte[] message, ReadOptions options)
    {
        var content = reader.Read(message, options);
        return content.IsAccepted
            ? content
            : throw new InvalidOperationException($"Refused: {content.Findings[0].Text}");
    }

    // One contact of each step differs: in turn it is missing at the register, extra there, and different.
    private static byte[] Message(SyntheticUnit unit, int number, int step, bool isOwn)
    {
        var municipality = int.Parse(unit.Municipality.ToString(), CultureInfo.InvariantCulture);
        var text = new StringBuilder(
            $$"""[{"orgNr":{{unit.Number}},"kommuneNr":{{municipality}},"kontakt":[""");
        var isFirst = true;
        for (var i = number * ContactsPerMessage; i < (number + 1) * ContactsPerMessage; i++)
        {
            var difference = i % step == step / 2 ? (i / step % 3) + 1 : 0;
            if (difference == 1 && !isOwn) continue;
            if (difference == 2 && isOwn) continue;
            var start = new DateTime(BenchSite.Day.Year - 1, 1, 1, 8, 0, 0, DateTimeKind.Unspecified)
                .AddMinutes(i % 365 * 1440L + i / 365 % 400);
            if (!isFirst) text.Append(',');
            isFirst = false;
            text.Append(CultureInfo.InvariantCulture,
                $$"""
                {"kontaktId":"kontakt-{{i:D8}}","underenhetOrgNr":{{unit.SubUnit}},"startTid":"{{start:s}}+01:00",
                """).Append(CultureInfo.InvariantCulture,
                $$"""
                "kontaktform":"1","tjenesteomrade":"HST","finansiering":"{{(difference == 3 && isOwn ? "P" : "O")}}",
                """).Append(CultureInfo.InvariantCulture,
                $$$"""
                "helsepersonell":[{"hprNr":900000001}],"person":{"personId":"P-{{{i % PersonCount}}}"}}
                """);
        }

        return Encoding.UTF8.GetBytes(text.Append("]}]").ToString());
    }

    private static async Task<(long Bytes, double Seconds)> ListAsync(BenchSite site, CancellationToken cancellation)
    {
        await using var owner = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        using var list = await connection.BeginTextExportAsync(
            """
            copy (
              select record.local_id, to_hex(located.content_digest)
              from register.basis_kontakt_locator as located
              join register.basis_kontakt as record using (person_key, record_key)
            ) to stdout
            """, cancellation);
        var (buffer, bytes) = (new char[1 << 16], 0L);
        for (int read; (read = await list.ReadAsync(buffer.AsMemory(), cancellation)) > 0;) bytes += read;
        return (bytes, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static async Task<string> AskPlacesAsync(RegisterSide register, CancellationToken cancellation)
    {
        var (bytes, started) = (register.Bytes, Stopwatch.GetTimestamp());
        await register.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, cancellation);
        return Told($"{register.Bytes - bytes} bytes, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
    }

    private static string Told(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
