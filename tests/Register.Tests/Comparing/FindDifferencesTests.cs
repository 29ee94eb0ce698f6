using System.Security.Cryptography;
using System.Text;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions.Model;
using Kilde.Platform.Keys;
using Kilde.Register.Comparing;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using static Kilde.Register.Tests.Kit.Messages;
using static Kilde.Register.Tests.Kit.PlainVault;

namespace Kilde.Register.Tests.Comparing;

public sealed class FindDifferencesTests(PostgresServer postgres) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-compare-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_records_are_alike_whatever_order_they_came_in()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        Entry[] entries = [.. Enumerable.Range(1, 500).Select(i => new Entry($"{i}", Person($"{i % 50}"), i))];
        await register.MergeAsync(Submission([.. entries.Reverse()]));

        (await CompareAsync(register, entries)).ShouldBeEmpty();
    }

    /// <summary>What is found is the plain difference of two sets, however large and however they differ.</summary>
    [Theory]
    [InlineData(1, 40, 100)]
    [InlineData(2, 300, 3)]
    [InlineData(3, 2_000, 0)]
    [InlineData(4, 5_000, 25)]
    [InlineData(5, 12_000, 400)]
    [InlineData(6, 12_000, 8_000)]
    [InlineData(7, 0, 30)]
    public async Task What_is_found_is_the_plain_difference_of_two_sets(int seed, int records, int changes)
    {
        var dice = new Dice(seed);
        Dictionary<string, long> here = [];
        for (var i = 0; i < records; i++) here[$"id-{i}"] = dice.Next(1000);
        var there = new Dictionary<string, long>(here);
        for (var i = 0; i < changes; i++)
        {
            var id = $"id-{dice.Next(records + changes)}";
            var side = dice.Next(2) == 0 ? here : there;
            if (!side.Remove(id) || dice.Next(2) == 0) side[id] = 1000 + dice.Next(1000);
        }

        await using var register = await TestRegister.StartAsync(postgres);
        foreach (var some in there.Chunk(4_000))
            await register.MergeAsync(Submission([.. some.Select(EntryOf)]));

        var found = await CompareAsync(register, here.Select(EntryOf));

        found.Select(one => (one.LocalId, one.Kind)).ShouldBe(Plain(here, there), ignoreOrder: true);
    }

    [Fact]
    public async Task Updates_deletions_and_moves_of_persons_are_followed_by_the_merge_itself()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        Entry[] entries = [.. Enumerable.Range(1, 60).Select(i => new Entry($"{i}", Person($"{i}"), i))];
        await register.MergeAsync(Submission(entries));
        await register.MergeAsync(Submission([entries[0] with { Value = 7000 }], deleted: ["2"]));
        register.Vault.Move("5", 9_000);
        await register.Follow.FollowAsync(Cancellation);

        var found = await CompareAsync(register, entries);

        found.Select(one => (one.LocalId, one.Kind))
            .ShouldBe([("1", DifferenceKind.Different), ("2", DifferenceKind.Missing)], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_sender_gets_nothing_and_naming_a_record_is_in_the_audit_log()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        await register.MergeAsync(Submission([new("1", Person("a"), 10), new("2", Person("b"), 20)]));
        var other = SideOf(register, $"{OtherSender}");

        (await other.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation)).ShouldBeEmpty();
        var found = await CompareAsync(register, [new Entry("2", Person("b"), 20)]);

        found.ShouldHaveSingleItem().ShouldBe(
            new RecordDifference(new DigestPlace(SenderText, RecordMonth.None), DifferenceKind.Extra, "1"));
        var stolen = new (DigestPlace, ulong)[] { (found[0].Place, IdOf("1", await KeyAsync(register))) };
        (await SideOf(register, SenderText).NameAsync(stolen, Cancellation)).ShouldBe(["1"]);
        (await other.NameAsync(stolen, Cancellation)).ShouldBe([null]);
        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<int>(
            "select count from audit.entry where action = 'register.compare_records'"))
            .ShouldBe([1, 1, 0], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_held_apart_is_compared_as_all_else_the_sender_has_sent()
    {
        await using var register = await TestRegister.StartAsync(postgres, HeldApart.VisitMessage);
        Entry[] entries =
        [
            new("1", Person("a"), 1, HeldApart.Secret), new("2", Person("b"), 1, "åpen"), new("3", Person("c"), 1),
        ];
        await register.MergeAsync(HeldApart.Of(Submission(entries)));

        (await CompareAsync(register, entries, HeldApart.Visit)).ShouldBeEmpty();
        (await CompareAsync(register, entries[2..], HeldApart.Visit)).Select(one => (one.LocalId, one.Kind))
            .ShouldBe([("1", DifferenceKind.Extra), ("2", DifferenceKind.Extra)]);
    }

    [Fact]
    public async Task A_sender_s_key_is_its_own_and_the_digest_is_as_the_documentation_says()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var key = await KeyAsync(register);
        key.ShouldNotBe(await SidesKeyAsync(register, $"{OtherSender}"));
        var batch = Batch([new Entry("1\\2", Person("a"), 10, "to\nlinjer")], []);

        var (month, digest) = new RecordDigests(key).Of(batch, 0, SenderText);

        month.ShouldBe(RecordMonth.None);
        digest.Id.ShouldBe(IdOf("1\\\\2", key));
        digest.Content.ShouldBe(First(key,
            $"1\\\\2\n{SenderText}\nbarn=[{{\"a\":1}}]\ndag=2026-02-03\nja=true\nkoder=A01\nkoder=B02\nmengde=1\n"
            + "merknad=to\\nlinjer\nstartet=2026-02-03T09:30:00Z\ntall=10\ntall=7\nverdi=10\n"));
    }

    [Theory]
    [InlineData("2026-01", true)]
    [InlineData("0001-01", true)]
    [InlineData("", true)]
    [InlineData("2026-13", false)]
    [InlineData("2026-1", false)]
    [InlineData("26-01", false)]
    public void A_month_is_read_as_it_is_written(string text, bool isMonth)
    {
        RecordMonth.TryParse(text, out var month).ShouldBe(isMonth);
        if (isMonth) month.ToString().ShouldBe(text);
    }

    [Fact]
    public void A_month_is_that_of_the_clock_in_Norway() =>
        RecordMonth.Of(new DateTimeOffset(2026, 1, 31, 23, 30, 0, TimeSpan.Zero)).ToString().ShouldBe("2026-02");

    public void Dispose() => _folder.Delete(recursive: true);

    private static Entry EntryOf(KeyValuePair<string, long> record) => new(record.Key, Person("a"), record.Value);

    private static IEnumerable<(string, DifferenceKind)> Plain(
        Dictionary<string, long> here, Dictionary<string, long> there) =>
        here.Keys.Union(there.Keys).Select(id => (id, (here.TryGetValue(id, out var own), there.TryGetValue(id, out var
            its)) switch
        {
            (true, false) => DifferenceKind.Missing,
            (false, true) => DifferenceKind.Extra,
            _ => own == its ? default : DifferenceKind.Different,
        })).Where(one => one.Item2 != default);

    private async Task<IReadOnlyList<RecordDifference>> CompareAsync(
        TestRegister register, IEnumerable<Entry> entries, RecordType? type = null)
    {
        var own = new OwnRecords(await KeyAsync(register), SenderText);
        own.Add(Batch([.. entries], []));
        return await FindDifferences.FindAsync(
            own.Sorted(RecordMonth.None, RecordMonth.Max), SideOf(register, SenderText, type), RecordMonth.None,
            RecordMonth.Max, progress: null, Cancellation);
    }

    private IRecordSide SideOf(TestRegister register, string sender, RecordType? type = null) => CompareOf(register)
        .SideOf(new ComparedRecords(
            type ?? Visit, sender, new AccessGround(new Actor("client", "test"), "sammenligning")));

    private Task<byte[]> KeyAsync(TestRegister register) => SidesKeyAsync(register, SenderText);

    private Task<byte[]> SidesKeyAsync(TestRegister register, string sender) =>
        CompareOf(register).ReadKeyAsync(sender, Cancellation);

    private CompareRecords CompareOf(TestRegister register) => new(
        register.Databases.Register,
        new AuditLog(
            new FileKeyStore(Path.Combine(_folder.FullName, "keys")), register.Clock, new AuditOptions()));

    private static ulong IdOf(string escaped, byte[] key) => First(key, escaped);

    private static ulong First(byte[] key, string text) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
