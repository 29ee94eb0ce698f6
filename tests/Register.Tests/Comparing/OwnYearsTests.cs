using System.Xml.Linq;
using Dapper;
using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using static Kilde.Register.Tests.Kit.Compared;

namespace Kilde.Register.Tests.Comparing;

/// <summary>
/// A year that came as XML is compared record by record with the sender's own file: what the register holds in columns
/// and what the file says come to the same digests.
/// </summary>
public sealed class OwnYearsTests(PostgresServer postgres)
{
    private const int Patients = 60;

    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");
    private static readonly DateOnly Day = new(2020, 1, 12);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_every_type_says_in_its_own_example_is_alike_at_both_sides()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var types = register.Catalogue.MessageTypes
            .Where(type => type is { Xml: not null, HasIdentities: false } && RecordDigests.IsOfYears(type)).ToList();
        types.Count.ShouldBeGreaterThan(5);
        foreach (var type in types)
        {
            var message = ExampleXml.Of(type);
            await register.TakeInXmlAsync(message, Sender, Norwegian.Day(register.Clock.GetUtcNow()));
            foreach (var record in RecordDigests.CoveredOf(type))
            {
                var (found, held) = await CompareAsync(register, type, record, message);
                found.ShouldBeEmpty($"{type.Name} {record.WireName}");
                held.ShouldBeGreaterThan(0, $"{type.Name} {record.WireName}");
            }
        }
    }

    [Fact]
    public async Task A_year_of_municipal_care_tells_exactly_what_is_missing_extra_and_different()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        Service[] sent = [.. Enumerable.Range(1, 300).Select(i => new Service(i % 40, $"{i}", 10 + (i % 19)))];
        await register.TakeInXmlAsync(Iplos(sent), Sender, Day);
        (await CompareAsync(register, "TJENESTE", Iplos(sent))).ShouldBeEmpty();

        var own = sent.Where(service => service.Id is not ("7" or "8")).Append(new Service(3, "9000", 11)).ToArray();
        own[100] = own[100] with { FromDay = 30 };

        (await CompareAsync(register, "TJENESTE", Iplos(own))).Select(one => (one.LocalId, one.Kind)).ShouldBe(
            [
                ("1103|9000", DifferenceKind.Missing), ("1103|7", DifferenceKind.Extra),
                ("1103|8", DifferenceKind.Extra), ($"1103|{own[100].Id}", DifferenceKind.Different),
            ],
            ignoreOrder: true);
        (await CompareAsync(register, "PERSON", Iplos(own))).ShouldBeEmpty();
    }

    /// <summary>
    /// Each patient has an episode of the same id, of which some are held apart, and two are alike to the last letter.
    /// </summary>
    [Fact]
    public async Task A_year_of_a_hospital_tells_exactly_what_is_missing_extra_and_different()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var sent = Ord(Enumerable.Range(1, Patients), register);
        await register.TakeInXmlAsync(sent, Sender, Norwegian.Day(register.Clock.GetUtcNow()));
        (await CompareAsync(register, "Episode", sent)).ShouldBeEmpty();

        var own = Ord(Enumerable.Range(3, Patients), register, differs: 10);

        var found = await CompareAsync(register, "Episode", own);
        found.Count(one => one.Kind == DifferenceKind.Different).ShouldBe(3);
        found.Count.ShouldBe(3);
        found.Select(one => one.LocalId).Distinct().ShouldHaveSingleItem().ShouldEndWith("|E");
        var patients = await CompareAsync(register, "Pasient", own);
        patients.Where(one => one.Kind == DifferenceKind.Missing).Select(one => one.LocalId.Split('|')[^1])
            .ShouldBe([$"P{Patients + 1}", $"P{Patients + 2}"], ignoreOrder: true);
        patients.Where(one => one.Kind == DifferenceKind.Extra).Select(one => one.LocalId).ShouldBe(["", ""]);
    }

    [Fact]
    public async Task Digests_follow_what_comes_after_and_only_what_is_new_is_made()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        Service[] first = [.. Enumerable.Range(1, 50).Select(i => new Service(i, $"{i}", 10))];
        await register.TakeInXmlAsync(Iplos(first), Sender, Day);
        (await CompareAsync(register, "TJENESTE", Iplos(first))).ShouldBeEmpty();
        Service[] second = [.. first[1..], new Service(9, "9000", 11)];
        second[0] = second[0] with { FromDay = 12 };
        await register.TakeInXmlAsync(Iplos(second), Sender, Day.AddDays(1));
        (await MadeAsync(register)).ShouldBe(48);

        (await CompareAsync(register, "TJENESTE", Iplos(second))).ShouldBeEmpty();
        (await CompareAsync(register, "TJENESTE", Iplos(first))).Count.ShouldBe(3);
        (await MadeAsync(register)).ShouldBe(50);
    }

    [Fact]
    public async Task A_question_waits_for_so_long_and_the_next_goes_on_from_there()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        Service[] sent = [.. Enumerable.Range(1, 21_000).Select(i => new Service(i, $"{i}", 10))];
        await register.TakeInXmlAsync(Iplos(sent), Sender, Day);
        var (type, record) = Find(register, "TJENESTE");
        var hurried = new CompareRecords(register.Databases.Register, register.Audit) { MakingMax = TimeSpan.Zero };

        await Should.ThrowAsync<DigestsBeingMadeException>(() => SideOf(hurried, type, record, Sender)
            .SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation));

        (await CompareAsync(register, "TJENESTE", Iplos(sent))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_sender_gets_nothing_of_a_year()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await register.TakeInXmlAsync(Iplos(new Service(1, "1", 10)), Sender, Day);
        var (type, record) = Find(register, "TJENESTE");

        var other = SideOf(register, type, record, OrganizationNumber.Parse("889640782"));

        (await other.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation)).ShouldBeEmpty();
        (await MadeAsync(register)).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_of_changes_does_not_tell_what_a_year_holds()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var changes = Ord([1], register).Replace("meldingstype=\"B\"", "meldingstype=\"E\"", StringComparison.Ordinal);

        Read(register, new OwnYears(new byte[32], Sender), changes).ShouldBe(OwnFile.OfChanges);
    }

    private sealed record Service(int Person, string Id, int FromDay);

    private static string Iplos(params Service[] services) => AnnualCareFile.Of(string.Concat(
        services.GroupBy(service => service.Person).OrderBy(person => person.Key).Select(person =>
            $"""
            <PERSON pePeID="{person.Key}"><peAlder>80</peAlder>
              {string.Concat(person.Select(service =>
                  $"<TJENESTE tjPeID=\"{person.Key}\" tjTjID=\"{service.Id}\"><tjTjenType>21</tjTjenType>"
                  + $"<tjFraDato>201903{service.FromDay}</tjFraDato></TJENESTE>"))}
            </PERSON>
            """)));

    // The example of the type, its patient over and over.
    private static string Ord(IEnumerable<int> patients, WholeRegister register, int differs = 0)
    {
        var message = XDocument.Parse(ExampleXml.Of(Find(register, "Episode").Type));
        var one = message.Descendants().Single(element => element.Name.LocalName == "Objektholder");
        foreach (var patient in patients)
        {
            var copy = new XElement(one);
            copy.SetAttributeValue("pasientNr", $"P{patient}");
            copy.Descendants().First(element => element.Name.LocalName == "Pasient")
                .SetAttributeValue("fodselsar", patient is > 2 and <= Patients ? 1970 : 1900 + patient);
            foreach (var episode in copy.Descendants().Where(element => element.Name.LocalName == "Episode"))
            {
                episode.SetAttributeValue("episodeID", "E");
                episode.SetAttributeValue("innDatoTid", $"2019-02-{1 + (patient % 27):D2}T10:30:00");
                if (patient % 2 == 0) episode.Elements().Where(each => each.Name.LocalName == "Tvang").Remove();
                if (patient == differs) episode.SetAttributeValue("innDatoTid", "2019-02-28T10:30:00");
            }

            one.AddBeforeSelf(copy);
        }

        one.Remove();
        return message.ToString();
    }

    private static (MessageType Type, RecordType Record) Find(WholeRegister register, string record) =>
        register.Catalogue.MessageTypes.Where(RecordDigests.IsOfYears)
            .SelectMany(type => type.RecordTypes, (type, one) => (type, one))
            .First(pair => pair.one.WireName == record && pair.type.Name is "KPR_IPLOS" or "NPR_ORD"
                && pair.one.WireName == record);

    private static async Task<IReadOnlyList<RecordDifference>> CompareAsync(
        WholeRegister register, string record, string message)
    {
        var (type, of) = Find(register, record);
        return (await CompareAsync(register, type, of, message)).Found;
    }

    private static async Task<(IReadOnlyList<RecordDifference> Found, int Held)> CompareAsync(
        WholeRegister register, MessageType type, RecordType record, string message)
    {
        var side = SideOf(register, type, record, Sender);
        var own = new OwnYears(
            await new CompareRecords(register.Databases.Register, register.Audit)
                .ReadKeyAsync($"{Sender}", Cancellation),
            Sender);
        Read(register, own, message).ShouldBe(OwnFile.Taken);
        var (from, to) = own.Months.ShouldNotBeNull();
        var held = await side.SumPlacesAsync(from, to, Cancellation);
        return (
            await FindDifferences.FindAsync(
                own.Sorted(record, from, to), side, from, to, progress: null, Cancellation),
            held.Values.Sum(place => place.Count));
    }

    private static async Task<long> MadeAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.ExecuteScalarAsync<long>(
            "select count(*) from register.iplos_tjeneste_locator where content_digest is not null");
    }
}
