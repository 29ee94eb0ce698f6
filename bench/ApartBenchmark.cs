using System.Globalization;
using System.Text;
using Kilde.Definitions;
using Kilde.Host.Composition;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Register.Tables;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// What it costs that some records of a table may be held apart (ADR 130): the same municipal services merged into the
/// table with the class coercion, of which one in fifty is of the class, and into a table without classes.
/// </summary>
internal static class ApartBenchmark
{
    private const int RecordsPerMessage = 1_000;
    private const int MessagesPerTurn = 10;
    private const int CoercionEvery = 50;
    private const string Message = "ktt-tjeneste-1.yaml";

    public static Benchmark Definition { get; } = new(
        "apart", "How fast are records merged into a table that has a sensitive class?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var messages = isQuick ? 20 : 200;
        await using var site = await BenchSite.PrepareAsync(new NorwaySize(4, 500), ClientKey.CreateEc, cancellation);
        await using var services = site.CreateServices();
        var catalogue = LoadWithTwin();
        await using var owner = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        await services.GetRequiredService<RegisterTables>().EnsureAsync(owner, catalogue, cancellation);
        var held = MergeDesk.Of(services, catalogue, "KTT_Tjeneste");
        var open = MergeDesk.Of(services, catalogue, "KTT_Uten");
        var details = new Dictionary<string, object>(StringComparer.Ordinal);
        var rates = new List<(double Held, double Open)>();
        foreach (var what in new[] { "first load", "unchanged" })
        {
            var (ours, theirs) = (0.0, 0.0);
            foreach (var (turn, numbers) in Enumerable.Range(0, messages).Chunk(MessagesPerTurn).Index())
            {
                // Turn by turn and each first every other time, so that both meet the same machine.
                if (turn % 2 == 0) ours += await MergeAsync(held, site, numbers, cancellation);
                theirs += await MergeAsync(open, site, numbers, cancellation);
                if (turn % 2 == 1) ours += await MergeAsync(held, site, numbers, cancellation);
            }

            var records = (double)messages * RecordsPerMessage;
            rates.Add((records / ours, records / theirs));
            details[what] = string.Create(
                CultureInfo.InvariantCulture,
                $"{records / ours:0} records/s with the class, {records / theirs:0} without: "
                + $"{ours / theirs:0.00} of the time");
            await log.WriteLineAsync($"{what}: {details[what]}");
        }

        var (first, rival) = rates[0];
        return new BenchmarkResult(
            Definition.Question, Math.Round(first), "records/s, first load, one in fifty of the class",
            "the same records merged into a table without classes", Math.Round(rival), Math.Round(first / rival, 2),
            "a fifth longer at most", BenchmarkRun.Machine, details);
    }

    // A twin of the type, of a list of services that no class names.
    private static DefinitionCatalogue LoadWithTwin()
    {
        var folder = Directory.CreateTempSubdirectory("kilde-bench-definitions-");
        try
        {
            var from = KildeSettings.DefinitionsFolder;
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(folder.FullName, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            var list = Directory.EnumerateFiles(Path.Combine(from, "code-lists"), "9151-*.yaml").Single();
            var codes = File.ReadAllLines(list).Where(line => !line.StartsWith("oid:", StringComparison.Ordinal))
                .Select(line => line.Replace("codeList: '9151'", "codeList: uten-klasse", StringComparison.Ordinal));
            File.WriteAllLines(Path.Combine(folder.FullName, "code-lists", "uten-klasse.yaml"), codes);
            var lines = File.ReadAllLines(Path.Combine(from, "messages", Message))
                .Where(line => !line.TrimStart().StartsWith("sensitive:", StringComparison.Ordinal))
                .Select(line => line.Replace("KTT_Tjeneste", "KTT_Uten", StringComparison.Ordinal)
                    .Replace("table: ktt_", "table: uten_", StringComparison.Ordinal)
                    .Replace("codeList: '9151'", "codeList: uten-klasse", StringComparison.Ordinal));
            File.WriteAllLines(Path.Combine(folder.FullName, "messages", "uten.yaml"), lines);
            return DefinitionCatalogue.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> MergeAsync(
        MergeDesk desk, BenchSite site, int[] numbers, CancellationToken cancellation) =>
        (await desk.TakeAsync(numbers.Select(number => MessageOf(site, number)), rival: null, cancellation)).Merging;

    private static (OrganizationNumber Sender, byte[] Message) MessageOf(BenchSite site, int number)
    {
        var sender = site.Senders[number % site.Senders.Count];
        var persons = site.Norway.PersonsOf(sender.Unit, BenchSite.Day)
            .Where(person => person.Identifier.Kind == PersonIdentifierKind.NationalIdentityNumber).ToArray();
        var json = new StringBuilder(
            $$"""[{"orgNr":{{sender.Unit.Number}},"kommuneNr":"{{sender.Unit.Municipality}}","tjeneste":[""");
        for (var i = 0; i < RecordsPerMessage; i++)
        {
            var record = (number * RecordsPerMessage) + i;
            var type = record % CoercionEvery == 0 ? "24" : (record % 4) switch { 0 => "1", 1 => "6", _ => "15" };
            json.Append(CultureInfo.InvariantCulture, $$$"""
                {{{(i > 0 ? "," : "")}}}{"tjenesteId":"T-{{{record}}}","tjenestetype":"{{{type}}}",
                "registrertTid":"{{{BenchSite.Day:yyyy-MM-dd}}}T10:00:00+01:00","vedtakDato":"2025-11-03",
                "startDato":"2025-11-{{{10 + (record % 20)}}}","timerPerUke":{{{1 + (record % 30)}}}.5,
                "utforerOrgNr":{{{sender.Unit.SubUnit}}},
                "person":{"fodselsNr":"{{{persons[record % persons.Length].Identifier.Reveal()}}}"}}
                """);
        }

        return (sender.Unit.Number, Encoding.UTF8.GetBytes(json.Append("]}]").ToString()));
    }
}
