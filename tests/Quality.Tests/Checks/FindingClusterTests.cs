using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>The same fault at several senders of one system is one cluster, with the versions it was seen in.</summary>
public sealed class FindingClusterTests(PostgresServer postgres)
{
    [Fact]
    public async Task The_same_fault_at_two_senders_of_a_product_is_one_with_its_first_and_last_version()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await SentAsync(register, Sender, "Fjordjournal AS", "8.1");
        await TooManyHoursAsync(register, Sender, 0);
        (await ClustersAsync(register)).ShouldBeEmpty("one sender may have done something wrong by itself");

        await SentAsync(register, Other, "Fjordjournal AS", "8.3");
        await TooManyHoursAsync(register, Other, 1);

        var cluster = (await ClustersAsync(register)).ShouldHaveSingleItem();
        (cluster.Check.Id, cluster.Vendor, cluster.FirstVersion, cluster.LastVersion, cluster.Units, cluster.Findings)
            .ShouldBe((CheckedRegister.HoursPerPerson, "Fjordjournal AS", "8.1", "8.3", 2, 2));

        await SentAsync(register, Other, "Annen AS", "1.0");
        (await ClustersAsync(register)).ShouldHaveSingleItem().LastVersion
            .ShouldBe("8.3", "what is sent later by another system did not make the finding");

        await TooManyHoursAsync(register, Sender, 0, hours: 20);
        (await ClustersAsync(register)).ShouldBeEmpty("what is mended is no longer the system's");
    }

    [Fact]
    public async Task Senders_of_different_systems_are_no_cluster()
    {
        await using var register = await CheckedRegister.StartAsync(postgres);
        await SentAsync(register, Sender, "Fjordjournal AS", "8.1");
        await SentAsync(register, Other, "Annen AS", "8.1");

        await TooManyHoursAsync(register, Sender, 0);
        await TooManyHoursAsync(register, Other, 1);

        (await ClustersAsync(register)).ShouldBeEmpty();
        (await ClustersAsync(register, unitsMin: 1)).Select(cluster => cluster.Vendor)
            .ShouldBe(["Annen AS", "Fjordjournal AS"], ignoreOrder: true);
    }

    // Of the one check that finds too many hours.
    private static async Task<IEnumerable<FindingCluster>> ClustersAsync(CheckedRegister register, int unitsMin = 2) =>
        (await register.Get<FindFindings>().ClusterAsync(unitsMin, filter: null, Cancellation))
        .Where(cluster => cluster.Check.Id == CheckedRegister.HoursPerPerson);

    // A message of the unit has come in from the system.
    private static async Task SentAsync(
        CheckedRegister register, OrganizationNumber unit, string vendor, string version)
    {
        register.Clock.Advance(TimeSpan.FromMinutes(1));
        var now = register.Clock.GetUtcNow();
        (await register.Get<RecordCase>().RecordAsync(
            Cases.Activity with
            {
                SubmissionId = Guid.CreateVersion7(), Unit = unit, Institution = $"{unit}", GetsReports = false,
                System = new SendingSystem(vendor, "Fjord Kommune", version), ReceivedAt = now, FinishedAt = now,
            },
            Cancellation)).ShouldBeTrue();
    }

    private static async Task TooManyHoursAsync(
        CheckedRegister register, OrganizationNumber unit, int person, int hours = 130)
    {
        await register.TakeInAsync(
            unit,
            $$"""
            [{ "orgNr": "{{unit}}", "tjeneste": [{ "tjenesteId": "T-1", "startDato": "2024-06-01",
               "timer": {{hours}}, "person": { "fodselsNr": "{{Persons[person]}}" } }] }]
            """);
        await register.FollowAllAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
