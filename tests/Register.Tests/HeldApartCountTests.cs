using Dapper;
using Kilde.Kernel;
using Kilde.Register.Contacts;
using Kilde.Register.Feed;
using Kilde.Register.Merging;
using Kilde.Register.Returning;
using Kilde.Register.Tables;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Register.Tests;

/// <summary>
/// What is held apart is divided, returned, counted and forgotten as one record of its sender, and nobody else is told
/// so much as a number (R4.18).
/// </summary>
public class HeldApartCountTests(PostgresServer postgres)
{
    private const string Municipality = "1103";

    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_is_looked_for_in_json_by_the_name_it_is_kept_under_and_nowhere_else()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var first = await TakeInAsync(register, Message);
        var again = await TakeInAsync(register, Message);
        var changed = await TakeInAsync(register, Message.Replace("\"24\" vedtakStart", "\"15\" vedtakStart"));

        (first.Inserted, again.Unchanged, again.Inserted + again.Updated).ShouldBe((4, 4, 0));
        (changed.Updated, changed.Unchanged).ShouldBe((1, 3));
        (await HeldAsync(register))
            .ShouldBe(["apart items U", "apart whole K2", "open whole K1", "open whole K3", "open whole U"]);
    }

    [Fact]
    public async Task A_sender_is_given_each_record_once_with_the_items_that_are_held_apart()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Message);

        var own = new ReadOwnRecords(register.Databases.Register, register.Catalogue, register.Audit);
        var returned = new List<OwnRecord>();
        await foreach (var batch in own.ReadAsync(
            [Municipality], ReturnedRecords.All, 2, WholeRegister.Ground, Cancellation))
            returned.AddRange(batch);
        var user = returned.Single(record => record.Table == "ipl_bruker").Values;
        returned.Count(record => record.Table == "ipl_sak").ShouldBe(3);
        returned.Count.ShouldBe(4);
        user.ShouldContain("\"fodselsar\": 1940");
        user.ShouldContain("\"typeTvang\": \"14\"");
        user.ShouldNotContain("is_whole");

        await foreach (var batch in own.ReadAsync(
            ["4601"], ReturnedRecords.All, 2, WholeRegister.Ground, Cancellation))
            batch.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RegisterCode.Kpr, "PLO", 2019, 4)]
    [InlineData(RegisterCode.Kpr, "PLO", 2020, 0)]
    [InlineData(RegisterCode.Kpr, "HST", 2019, 0)]
    [InlineData(RegisterCode.Npr, "PLO", 2019, 0)]
    public async Task A_sender_is_given_an_area_from_a_year_on(RegisterCode code, string area, int year, int records)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Message);
        var which = new ReturnedRecords(new RegisterArea(code, area), DataYear.Of(new DateOnly(year, 1, 1)));

        var own = new ReadOwnRecords(register.Databases.Register, register.Catalogue, register.Audit);
        var returned = 0;
        await foreach (var batch in own.ReadAsync([Municipality], which, 10, WholeRegister.Ground, Cancellation))
            returned += batch.Count;

        returned.ShouldBe(records);
    }

    [Fact]
    public async Task The_count_a_sender_holds_its_own_against_has_each_record_once()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Message);

        (await CountedAsync(register, "ipl_bruker")).ShouldBe([1m]);
        (await CountedAsync(register, "ipl_sak")).ShouldBe([3m]);
    }

    [Fact]
    public async Task An_analyst_counts_the_class_that_is_granted_and_no_other()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, Message);
        var role = $"analyst_{Guid.CreateVersion7():N}";
        await using var connection = await register.Databases.RegisterAsSuperuserAsync();
        await connection.ExecuteAsync($"create role {role} nologin");
        try
        {
            (await CountAsAsync("coercion")).ShouldBeNull();
            await HeldApart.GrantAsync(register, "coercion", role);
            (await CountAsAsync("coercion")).ShouldBe(2);
            (await CountAsAsync("abuse", "ord_pasient")).ShouldBeNull();
        }
        finally
        {
            await connection.ExecuteAsync($"reset role; drop owned by {role}; drop role {role}");
        }

        // Null when it is refused, with nothing about what there is.
        async Task<long?> CountAsAsync(string @class, string table = "ipl_sak")
        {
            await connection.ExecuteAsync($"set role {role}");
            try
            {
                return await connection.QuerySingleAsync<long>($"select count(*) from sensitive_{@class}.{table}");
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                return null;
            }
            finally
            {
                await connection.ExecuteAsync("reset role");
            }
        }
    }

    [Fact]
    public async Task What_is_held_apart_is_told_of_just_as_long_as_the_rest()
    {
        await using var register = await TestRegister.StartAsync(postgres, HeldApart.VisitMessage);
        var options = Options.Create(new RegisterOptions { FeedDaysMin = 30 });
        var feed = new ChangeFeed(register.Databases.Register, register.Clock);
        await feed.AddConsumerAsync("behind", 0, Cancellation);
        for (var day = 0; day < 2; day++)
        {
            await register.MergeAsync(HeldApart.Of(Messages.Submission(
            [
                new("1", PlainVault.Person("a"), day, HeldApart.Secret), new("2", PlainVault.Person("b"), day, "åpen"),
            ])));
            register.Clock.Advance(TimeSpan.FromDays(1));
        }

        (await TrimAsync(daysLater: 31)).ShouldBe(["felt 1", "open 1", "open 2", "rad 1", "rad 2"]);
        await feed.ConsumeAsync("behind", 1, (_, _) => Task.CompletedTask, Cancellation);
        (await TrimAsync(daysLater: 28)).ShouldBe(["felt 1", "open 1", "open 2", "rad 1", "rad 2"]);
        (await TrimAsync(daysLater: 31)).ShouldBe(["open 2", "rad 2"]);

        async Task<IEnumerable<string>> TrimAsync(int daysLater)
        {
            var clock = new FixedClock(register.Clock.GetUtcNow().AddDays(daysLater));
            var trim = new TrimFeed(register.Databases.Register, clock, options);
            while (await trim.StepAsync(Cancellation)) { }
            await using var connection = await register.Databases.RegisterAsSuperuserAsync();
            return await connection.QueryAsync<string>(
                """
                select distinct place || ' ' || batch_no from (
                  select 'open' as place, batch_no from register.change
                  union all select 'rad', batch_no from sensitive_prove_rad.change
                  union all select 'felt', batch_no from sensitive_prove_felt.change) as told
                order by 1
                """);
        }
    }

    // Of four records one is of the class, in what hangs in it, and one has an item of it. Ids look like codes.
    private const string Message =
        """
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ipl" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-10" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Kommune virksomhetID="1103"><Objektholder pasientNr="11">
            <Bruker brukerNr="7" kjonn="2" fodselsar="1940" komNrHjem="1103">
              <Tvang_O brukAvTvangID="B1" typeTvang="14" startTvangDato="2019-02-02"/>
            </Bruker>
            <IplosSak sakID="K1">
              <VedtakBeslutningTjeneste vedtakID="14" beslutning="2" vedtakDato="2019-01-10">
                <VedtakTjeneste tjenesteID="14" tjenestetype="15" vedtakStartDato="2019-01-20"/>
              </VedtakBeslutningTjeneste>
            </IplosSak>
            <IplosSak sakID="K2">
              <VedtakBeslutningTjeneste vedtakID="V" beslutning="2" vedtakDato="2019-01-10">
                <VedtakTjeneste tjenesteID="T1" tjenestetype="15" vedtakStartDato="2019-01-20"/>
                <VedtakTjeneste tjenesteID="T2" tjenestetype="14" vedtakStartDato="2019-01-20"/>
              </VedtakBeslutningTjeneste>
            </IplosSak>
            <IplosSak sakID="K3">
              <HenvendelseBehov behovID="N" behovMottattDato="2019-01-02">
                <BehovTjeneste tjenesteID="T3" tjenestetype="15"/>
              </HenvendelseBehov>
              <VedtakBeslutningTjeneste vedtakID="V" beslutning="2" vedtakDato="2019-01-10">
                <VedtakTjeneste tjenesteID="T3" tjenestetype="24" vedtakStartDato="2019-01-20"/>
              </VedtakBeslutningTjeneste>
            </IplosSak>
          </Objektholder></Kommune>
        </Melding>
        """;

    private static async Task<IReadOnlyList<string>> HeldAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.RegisterAsSuperuserAsync();
        return [.. await connection.QueryAsync<string>(
            """
            select 'open whole ' || sak_id from register.ipl_sak
            union all select 'open whole U' from register.ipl_bruker where tvang_o is null
            union all select case when is_whole then 'apart whole ' else 'apart items ' end || sak_id
              from sensitive_coercion.ipl_sak
            union all select case when is_whole then 'apart whole U' else 'apart items U' end
              from sensitive_coercion.ipl_bruker where tvang_o is not null and fodselsar is null
            order by 1
            """)];
    }

    private static async Task<decimal[]> CountedAsync(WholeRegister register, string table) =>
        (await new CountRecords(register.Databases.Register).CountAsync(
            new RecordCount(table, "KPR_IPL", Field: null, [], [new CountedAmount.Rows()]), [Municipality],
            DataYear.Parse("2019"), days: null, Cancellation)).ShouldHaveSingleItem().Amounts;

    private static Task<MergeOutcome> TakeInAsync(WholeRegister register, string message)
    {
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        return register.TakeInXmlAsync(message, Sender, new DateOnly(2020, 1, 12));
    }
}
