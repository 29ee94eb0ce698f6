using Dapper;
using Kilde.Kernel;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>What the population register tells (<c>FREG_Person</c> 1): history, and numbers of one person.</summary>
public class PopulationFeedTests(PostgresServer postgres)
{
    private const string DNumber = "41810149998";
    private const string NationalNumber = "01810149732";

    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("310211036");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_number_that_follows_a_d_number_is_the_same_persons()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "FR-1", "4", "\"kommuneNr\":\"0301\"", $"\"dNr\":\"{DNumber}\"");
        await SendAsync(
            register, "FR-2", "7", "\"kommuneNr\":\"0301\"",
            $"\"dNr\":\"{DNumber}\",\"fodselsNr\":\"{NationalNumber}\"");
        await SendAsync(register, "FR-3", "3", "\"kommuneNr\":\"1103\"", $"\"fodselsNr\":\"{NationalNumber}\"");

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<(long, long)>(
            "select count(*), count(distinct person_key) from register.freg_person where person_key > 0"))
            .ShouldBe((3, 1));
    }

    [Fact]
    public async Task A_corrected_event_replaces_the_wrong_one_and_both_can_be_shown()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "FR-1", "2", "\"dodsdato\":\"2026-02-20\"", $"\"fodselsNr\":\"{NationalNumber}\"");
        await SendAsync(register, "FR-1", "8", "\"dodsdato\":null", $"\"fodselsNr\":\"{NationalNumber}\"");

        var history = await register.Reader.ReadHistoryAsync(
            "freg_person", $"{Sender}", "FR-1", WholeRegister.Ground, Cancellation);

        history.Select(version => version.EndedBy).ShouldBe(["replaced", null]);
        history.Select(version => version.Values.Single(value => value.Key == "dodsdato").Value)
            .ShouldBe([new DateOnly(2026, 2, 20), null]);
    }

    [Fact]
    public async Task Records_under_both_numbers_stand_together_when_the_population_register_tells_of_both()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await BeIllAsync(register, "K-1", $"\"dNr\":\"{DNumber}\"");
        await BeIllAsync(register, "K-2", $"\"fodselsNr\":\"{NationalNumber}\"");
        (await PersonsAsync(register)).Count.ShouldBe(2);

        await SendAsync(
            register, "FR-2", "7", "\"kommuneNr\":\"0301\"",
            $"\"dNr\":\"{DNumber}\",\"fodselsNr\":\"{NationalNumber}\"");
        while (await register.Decided.StepAsync(Cancellation))
        {
        }

        await register.Follow.FollowAsync(Cancellation);
        var person = (await PersonsAsync(register)).ShouldHaveSingleItem();
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<long>("select max(person_key) from register.freg_person")).ShouldBe(person);
        (await connection.QuerySingleAsync<string>("select ended_by from register.tann_behandling_history"))
            .ShouldBe("moved");
    }

    [Fact]
    public async Task Two_who_have_a_national_number_each_are_left_to_staff()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await SendAsync(register, "FR-1", "9", "\"kommuneNr\":\"0301\"", "\"fodselsNr\":\"15851900079\"");
        await SendAsync(
            register, "FR-2", "9", "\"kommuneNr\":\"0301\"",
            $"\"fodselsNr\":\"{NationalNumber}\",\"dNr\":\"{DNumber}\"");
        await SendAsync(
            register, "FR-3", "7", "\"kommuneNr\":\"0301\"",
            $"\"fodselsNr\":\"15851900079\",\"dNr\":\"{DNumber}\"");

        (await register.Decided.StepAsync(Cancellation)).ShouldBeFalse();

        await register.Follow.FollowAsync(Cancellation);
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<long>("select count(distinct person_key) from register.freg_person"))
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_contact_tells_of_the_person_as_it_was_on_its_day()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var person = $"\"fodselsNr\":\"{NationalNumber}\"";
        await SendAsync(
            register, "FR-1", "9",
            "\"kommuneNr\":\"0301\",\"sivilstand\":\"1\",\"kjonn\":\"2\",\"fodselsdato\":\"2001-02-20\"",
            person, "2016-01-01");
        await SendAsync(register, "FR-2", "3", "\"kommuneNr\":\"1103\"", person, "2026-02-20");
        await SendAsync(register, "FR-3", "6", "\"sivilstand\":\"2\"", person, "2026-02-25");
        foreach (var day in new[] { "2026-02-19", "2026-02-20", "2026-02-26" })
            await BeIllAsync(register, $"K-{day}", person, day);

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<string>(
            """
            select concat_ws(' ', home_municipality, marital_status, sex, age)
            from register.contact
            order by started_at
            """)).ShouldBe(["0301 1 2 24", "1103 1 2 25", "1103 2 2 25"]);
    }

    [Fact]
    public async Task What_began_after_death_shows_until_the_death_is_taken_back()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var person = $"\"fodselsNr\":\"{NationalNumber}\"";
        await SendAsync(register, "FR-1", "2", "\"dodsdato\":\"2026-02-20\"", person);
        await BeIllAsync(register, "K-1", person, "2026-02-20");
        await BeIllAsync(register, "K-2", person, "2026-02-22");

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        const string after = "select concat_ws(' ', local_id, helped_on, died_on) from register.contact_after_death";
        (await connection.QueryAsync<string>(after)).ShouldBe(["K-2 2026-02-22 2026-02-20"]);
        await SendAsync(register, "FR-1", "8", "\"dodsdato\":null", person);
        (await connection.QueryAsync<string>(after)).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<long>> PersonsAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<long>("select distinct person_key from register.tann_behandling")];
    }

    private static async Task BeIllAsync(WholeRegister register, string id, string numbers, string day = "2026-02-20")
    {
        await register.TakeInAsync(
            "TANN_Behandling",
            $$"""
            [{"orgNr":"{{Sender}}","behandling":[{"behandlingId":"{{id}}","startTid":"{{day}}T09:00:00+01:00",
              "klinikkOrgNr":"312701103","kontaktform":"1","prioritetsgruppe":"F","finansiering":"P","alder":25,
              "person":{ {{numbers}} } }]}]
            """,
            Sender);
        register.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private static async Task SendAsync(WholeRegister register, string id, string kind, string items, string numbers,
        string from = "2026-02-20")
    {
        await register.TakeInAsync(
            "FREG_Person",
            $$"""
            [{"orgNr":"{{Sender}}","person":[{"hendelseId":"{{id}}","gjelderFra":"{{from}}",
              "registrertTid":"2026-02-25T09:00:00+01:00","hendelsestype":"{{kind}}",{{items}},
              "identifikasjon":{ {{numbers}} } }]}]
            """,
            Sender);
        register.Clock.Advance(TimeSpan.FromDays(1));
    }
}
