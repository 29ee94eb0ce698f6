using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using static Kilde.Register.Tests.Kit.ChainMessages;
using static Kilde.Register.Tests.Kit.Compared;

namespace Kilde.Register.Tests.Comparing;

/// <summary>
/// What a sender has told of in chains is compared record by record with what holds of them in the register.
/// </summary>
public sealed class OwnChainsTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_changed_and_annulled_are_alike_at_both_sides_in_whatever_order_they_came()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        string[] care =
        [
            Care(Told(1), Told(2), Told(3) with { Service = "23" }),
            Care(Told(4, "M", of: 1) with { On = "2022-04-02" }),
            Care(Told(5, "C", of: 2), Told(6) with { Event = "TjenesteSlutt" }),
        ];
        foreach (var message in care.Reverse()) await TakeInAsync(register, message);
        string[] child =
        [
            Child(Told(1) with { Consultations = ["K1", "K2"] }, Told(2)),
            Child(Told(3, "M", of: 1) with { Consultations = ["K2", "K3"] }, Told(4), Told(5), Told(6)),
        ];
        foreach (var message in child) await TakeInAsync(register, message);

        (await CompareAsync(register, "KPR_IPL", "Notifikasjon", care)).ShouldBe((6, ""));
        (await CompareAsync(register, "KPR_IPL", "TjenesteStart", care)).ShouldBe((2, ""));
        (await CompareAsync(register, "KPR_IPL", "TjenesteSlutt", care)).ShouldBe((1, ""));
        (await CompareAsync(register, "KPR_HST", "Konsultasjon", child)).ShouldBe((6, ""));
    }

    [Fact]
    public async Task A_correction_that_was_lost_is_told_by_the_ids_of_both_and_an_annulment_as_extra()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        string[] sent =
            [Care(Told(1), Told(2), Told(3)), Care(Told(4, "M", of: 1), Told(5, "C", of: 2)), Care(Told(6))];
        await TakeInAsync(register, sent[0]);

        var (held, found) = await CompareAsync(register, "KPR_IPL", "TjenesteStart", sent);

        held.ShouldBe(3);
        found.ShouldBe(
            $"Missing 5001 2022-03 {EventOf(4)}, Missing 5001 2022-03 {EventOf(6)}, "
            + $"Extra 5001 2022-03 {EventOf(1)}, Extra 5001 2022-03 {EventOf(2)}");
        await TakeInAsync(register, sent[1]);
        await TakeInAsync(register, sent[2]);
        (await CompareAsync(register, "KPR_IPL", "TjenesteStart", sent)).ShouldBe((3, ""));
        (await CompareAsync(
            register, "KPR_IPL", "TjenesteStart", [sent[0], sent[1], Care(Told(6) with { On = "2022-03-09" })])).Found
            .ShouldBe($"Different 5001 2022-03 {EventOf(6)}");
    }

    [Fact]
    public async Task A_correction_of_a_correction_is_alike_at_both_sides()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        string[] sent = [Care(Told(1), Told(2, "M", of: 1)), Care(Told(3, "M", of: 2), Told(4))];
        foreach (var message in sent) await TakeInAsync(register, message);

        (await CompareAsync(register, "KPR_IPL", "TjenesteStart", sent)).ShouldBe((2, ""));
    }

    [Fact]
    public async Task Another_sender_gets_nothing_of_a_chain()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Care(Told(1)));
        var (type, record) = Find(register, "KPR_IPL", "TjenesteStart");

        var other = SideOf(register, type, record, OrganizationNumber.Parse("889640782"));

        (await other.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_would_be_refused_is_told_as_such()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var own = new OwnChains(new byte[32], Sender);

        var refused = Care(Told(1)).Replace("<Kommune kommuneNr=\"5001\"/>", "", StringComparison.Ordinal);
        Read(register, own, refused).ShouldBe(OwnFile.Refused);

        own.Months.ShouldBeNull();
    }

    private static async Task<(int Held, string Found)> CompareAsync(
        WholeRegister register, string message, string record, string[] sent)
    {
        var (type, of) = Find(register, message, record);
        var side = SideOf(register, type, of, Sender);
        var key = await new CompareRecords(register.Databases.Register, register.Audit)
            .ReadKeyAsync($"{Sender}", Cancellation);
        var own = OwnFiles.Of(type, key, Sender);
        foreach (var each in sent) Read(register, own, each).ShouldBe(OwnFile.Taken);
        var held = await side.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation);
        var sorted = own.Sorted(of, RecordMonth.None, RecordMonth.Max);
        var found = await FindDifferences.FindAsync(
            sorted, side, RecordMonth.None, RecordMonth.Max, progress: null, Cancellation);
        DigestFile.Of(type, of, sorted).Read(type, new RecordDigests(key), RecordMonth.None, RecordMonth.Max)
            .Records!.SelectMany(place => place.Value)
            .ShouldBe(sorted.SelectMany(place => place.Value), ignoreOrder: true, "the page is told the same");
        return (
            held.Values.Sum(place => place.Count),
            string.Join(
                ", ", found.Select(one => $"{one.Kind} {one.Place.Unit} {one.Place.Month} {one.LocalId}")));
    }

    private static (MessageType Type, RecordType Record) Find(WholeRegister register, string message, string record)
    {
        var type = register.Catalogue.MessageTypes.Single(each => each.Name == message && each.Version == "56.0.0");
        return (type, RecordDigests.CoveredOf(type).Single(each => each.WireName == record));
    }
}
