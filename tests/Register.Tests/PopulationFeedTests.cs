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

    private static async Task SendAsync(WholeRegister register, string id, string kind, string items, string numbers)
    {
        await register.TakeInAsync(
            "FREG_Person",
            $$"""
            [{"orgNr":"{{Sender}}","person":[{"hendelseId":"{{id}}","gjelderFra":"2026-02-20",
              "registrertTid":"2026-02-25T09:00:00+01:00","hendelsestype":"{{kind}}",{{items}},
              "identifikasjon":{ {{numbers}} } }]}]
            """,
            Sender);
        register.Clock.Advance(TimeSpan.FromDays(1));
    }
}
