using System.Text;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Intake.Judging;
using Kilde.Intake.Senders;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Synthetic;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Judging;

/// <summary>Patients that come again unchanged are not read to be judged, and the verdict is as if they were.</summary>
public sealed class JudgedPartsTests(PostgresServer postgres)
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    private const long FileBytes = 1_500_000;

    private static readonly TrustYearOrder Order = OfSize(new()
    {
        Trust = TrustDirectory.Largest,
        AsOf = new DateOnly(2019, 11, 30),
        Seed = 17,
    });

    private static readonly TrustYearOrder WithFaults = Order with { Faults = FaultMix.Content(0.05) };

    public static TheoryData<string> Resends => ["same", "changed", "later", "fewer", "other unit", "earlier"];

    [Theory]
    [MemberData(nameof(Resends))]
    public async Task A_message_is_judged_the_same_with_and_without_what_is_known(string resend)
    {
        await using var intake = await StartAsync();
        var first = await JudgeAsync(intake, Write(WithFaults), memory: null);
        var memory = first.Judgement!.Parts.ShouldNotBeNull();
        var message = resend switch
        {
            "changed" => Write(WithFaults with { ChangedShare = 0.2 }),
            "later" => Write(WithFaults with { AsOf = new DateOnly(2019, 12, 31) }),
            "earlier" => Write(WithFaults with { AsOf = new DateOnly(2019, 10, 31) }),
            "fewer" => Write(WithFaults with { Share = Order.Share / 2 }),
            "other unit" => Write(WithFaults).Replace("enhetLokal=\"", "enhetLokal=\"Ny ", StringComparison.Ordinal),
            _ => Write(WithFaults),
        };

        var known = await JudgeAsync(intake, message, memory);
        var read = await JudgeAsync(intake, message, memory: null);

        known.Rejection.ShouldBe(read.Rejection);
        known.RecordCount.ShouldBe(read.RecordCount);
        known.FindingCount.ShouldBe(read.FindingCount);
        known.Findings.ShouldBe(read.Findings);
        known.RuleCounts.ShouldBe(read.RuleCounts);
        known.Judgement!.Tally.ShouldBe(read.Judgement!.Tally);
        Sorted(known.Judgement.Parts!).ShouldBe(Sorted(read.Judgement.Parts!));
    }

    [Fact]
    public async Task What_is_known_is_not_read_and_what_broke_a_rule_is_read_again()
    {
        await using var intake = await StartAsync();
        var message = Write(WithFaults);
        var tally = (RowTally)intake.Tally!;
        var first = await JudgeAsync(intake, message, memory: null);
        var rows = tally.RowsRead;

        var second = await JudgeAsync(intake, message, first.Judgement!.Parts);

        second.FindingCount.ShouldBeGreaterThan(0);
        second.FindingCount.ShouldBe(first.FindingCount);
        tally.RowsRead.ShouldBeLessThan(rows * 3 / 4);
    }

    [Fact]
    public async Task Judging_remembers_by_queue_and_the_next_message_of_it_is_known()
    {
        await using var intake = await StartAsync();
        var type = Catalogue.Find("NPR_ORD", "53.1.3")!;
        await new ConfigureSender(intake.Intake.Databases.Register, intake.Intake.Audit, intake.Intake.Clock)
            .ConfigureAsync(
                new SenderConfiguration(
                    Messages.UnitA, "Testsund", Enterprise: null,
                    [.. Order.Trust.Institutions.Select(unit => new SubUnit(unit.Number, unit.Name))],
                    [new SenderVendor(Messages.Vendor)], [new Obligation(type.Name, new DateOnly(2019, 1, 1))]),
                XmlIntake.Ground, TestIntake.Cancellation);
        var message = Write(Order);
        await intake.StoreAsync(Encoding.UTF8.GetBytes(message), type: type);
        await intake.JudgeAllAsync();
        var again = message.Replace("lopenr=\"", "lopenr=\"7", StringComparison.Ordinal);
        var second = await intake.StoreAsync(Encoding.UTF8.GetBytes(again), type: type);
        await intake.JudgeAllAsync();

        (await intake.StateAsync(second)).ShouldBe("accepted");
        (await intake.Intake.OneAsync<Guid>("select submission_id from intake.judged_part")).ShouldBe(second);
        ((RowTally)intake.Tally!).Texts.Distinct().Count().ShouldBe(1);
        ((RowTally)intake.Tally!).RowsRead.ShouldBeLessThan(
            await intake.Intake.OneAsync<int>("select min(record_count) from intake.submission") * 3 / 4);
    }

    private async Task<XmlIntake> StartAsync()
    {
        var intake = await XmlIntake.StartAsync(postgres);
        intake.Formats = XmlFormats.Of(Catalogue, takesTestTypes: true);
        intake.Tally = new RowTally();
        return intake;
    }

    private static async Task<Verdict> JudgeAsync(XmlIntake intake, string message, PartsMemory? memory)
    {
        var judge = new JudgeMessage(
            intake.Senders, intake.Formats, PersonIdentifierPolicy.Test, intake.Tally, contacts: null);
        var bytes = Encoding.UTF8.GetBytes(message);
        var verdict = await judge.JudgeAsync(
            () => new MemoryStream(bytes), Messages.Sender, intake.Intake.Clock.GetUtcNow(), memory, firstAsync: null,
            TestIntake.Cancellation);
        verdict.Judgement.ShouldNotBeNull();
        return verdict;
    }

    private static string Write(TrustYearOrder order)
    {
        using var stream = new MemoryStream();
        TrustYear.Write(order, new Dictionary<TrustFileKind, Stream> { [TrustFileKind.Activity] = stream });
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static TrustYearOrder OfSize(TrustYearOrder order) =>
        order with { Share = TrustYear.ShareFor(order, FileBytes) };

    // The order of parts follows what was read and what was known, and means nothing.
    private static List<string> Sorted(PartsMemory memory)
    {
        var parts = new List<string>();
        using var reader = new BinaryReader(new MemoryStream(memory.Content.ToArray()));
        while (reader.BaseStream.Position < memory.Content.Length)
        {
            var digest = Convert.ToHexString(reader.ReadBytes(16));
            var (rows, institution) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
            var counts = new List<string>();
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
                counts.Add($"{memory.Counted[reader.Read7BitEncodedInt()]} {reader.Read7BitEncodedInt()}");
            counts.Sort(StringComparer.Ordinal);
            parts.Add($"{digest} {rows} {memory.Institutions[institution - 1]} {string.Join(',', counts)}");
        }

        parts.Sort(StringComparer.Ordinal);
        return parts;
    }

    /// <summary>Counts rows by record type, and tells how many it was given.</summary>
    private sealed class RowTally : ISubmissionTally
    {
        public int RowsRead { get; private set; }

        public List<string> Texts { get; } = [];

        public ITallying Begin(Kilde.Definitions.Model.MessageType type)
        {
            RowsRead = 0;
            return new Tallying(this);
        }

        private sealed class Tallying(RowTally tally) : ITallying
        {
            private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
            private readonly List<string> _counted = [];
            private readonly List<(int Part, int What)> _ofParts = [];

            public string Form => "rows";

            public IReadOnlyList<string> Counted => _counted;

            public IEnumerable<PartCount> OfParts => _ofParts.CountBy(one => one)
                .OrderBy(one => one.Key.Part)
                .Select(one => new PartCount(one.Key.Part, one.Key.What, one.Value));

            public void Add(RecordBatch batch)
            {
                for (var row = 0; row < batch.Count; row++)
                {
                    Add(batch.Type.Table, 1);
                    tally.RowsRead++;
                    if (batch.Parts?[row] is > 0 and var part) _ofParts.Add((part, _counted.IndexOf(batch.Type.Table)));
                }
            }

            public void Add(IdentityBatch batch)
            {
            }

            public void Add(string counted, int times)
            {
                if (!_counted.Contains(counted)) _counted.Add(counted);
                _counts[counted] = _counts.GetValueOrDefault(counted) + times;
            }

            public string ToText(string? institution)
            {
                var text = string.Join(' ', _counts.Select(count => $"{count.Key}:{count.Value}"));
                tally.Texts.Add(text);
                return text;
            }
        }
    }
}
