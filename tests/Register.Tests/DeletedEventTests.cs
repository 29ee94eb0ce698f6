using Dapper;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>An emergency call (NPR_PRE) that its sender deletes takes what belongs to it along.</summary>
public class DeletedEventTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    [Fact]
    public async Task The_contacts_and_responses_of_a_deleted_event_go_with_it()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "B", Event(1, First, contacts: 2) + Event(2, Second, contacts: 1));

        var deleted = await TakeInAsync(register, "E", Deletion("A", First));

        deleted.Deleted.ShouldBe(4, "the event, two contacts and a response");
        (await ContactsAsync(register)).ShouldBe(1);
    }

    [Fact]
    public async Task What_comes_anew_with_the_event_in_the_same_message_stands()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "B", Event(1, First, contacts: 2));

        var changed = await TakeInAsync(register, "E", Deletion("A", First) + Event(1, First, contacts: 1));

        (changed.Deleted, changed.Unchanged).ShouldBe((1, 3));
        (await ContactsAsync(register)).ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_comes_again_with_fewer_contacts_has_no_others()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "B", Event(1, First, contacts: 3) + Event(11, Second, contacts: 2));

        var fewer = await TakeInAsync(register, "E", Event(1, First, contacts: 1));

        (fewer.Deleted, fewer.Unchanged).ShouldBe((2, 3));
        (await ContactsAsync(register)).ShouldBe(3, "those of the other event stand, though its number begins alike");

        var none = await TakeInAsync(register, "E", Event(1, First, contacts: 1, responses: 0));
        (none.Deleted, none.Unchanged).ShouldBe((1, 2), "there is no row of the table in the message any more");
    }

    [Theory]
    [InlineData("B")]
    [InlineData("E")]
    public async Task What_an_older_message_tells_within_a_newer_event_does_not_come_back(string kind)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "B", Event(1, First, contacts: 1), day: 2);
        await TakeInAsync(register, "E", Event(1, First, contacts: 1, responses: 0), day: 9);

        var older = await TakeInAsync(register, kind, Event(1, First, contacts: 3, responses: 2), day: 5);

        (older.Inserted, older.Updated, older.Deleted).ShouldBe((0, 0, 0));
        (await ContactsAsync(register)).ShouldBe(1);
    }

    [Fact]
    public async Task A_deletion_of_another_kind_of_object_touches_no_event()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, "B", Event(1, First, contacts: 2));

        (await TakeInAsync(register, "E", Deletion("E", First))).Deleted.ShouldBe(0);
    }

    private static string Deletion(string kind, Guid id) => $"<Slett objekttype=\"{kind}\" slettGUID=\"{id:B}\"/>";

    private static string Event(int id, Guid guid, int contacts, int responses = 1) =>
        $"""
        <Hendelse hendelseID="{id}" hendelseGUID="{guid:B}" opprettetDatoTid="2019-03-02T10:00:00">
          <Henvendelse henvendelseID="{id}" henvendelseNr="1"/>
          {string.Concat(Enumerable.Range(1, contacts).Select(no =>
              $"<Pasientkontakt pasientkontaktNr=\"{no}\" pasientID=\"{id}-{no}\"/>"))}
          {string.Concat(Enumerable.Range(1, responses).Select(no =>
              $"<Tiltak_amk tiltakID=\"{no}\" tiltakNr=\"{no}\" pasientkontaktNr=\"1\" tiltakType=\"1\" "
              + "opprettetDatoTid=\"2019-03-02T10:01:00\"/>"))}
        </Hendelse>
        """;

    private static async Task<long> ContactsAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            "select count(*) from register.contact where service_area = 'AMK'");
    }

    private static Task<MergeOutcome> TakeInAsync(
        WholeRegister register, string kind, string content, int day = 10) =>
        register.TakeInXmlAsync(
            $"""
            <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_pre" versjon="53.1.3" meldingstype="{kind}"
              fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-{day:00}" leverandor="L"
              navnEPJ="E" versjonEPJ="1" versjonUt="1" lopenr="1">
              <Institusjon institusjonID="974795930">{content}</Institusjon>
            </Melding>
            """,
            Sender, new DateOnly(2020, 1, 12));
}
