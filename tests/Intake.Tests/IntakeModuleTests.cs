using System.Globalization;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Identity;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Platform.Keys;
using Kilde.Register;
using Kilde.Register.Tables;
using Kilde.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Kilde.Intake.Tests.Kit.Messages;

namespace Kilde.Intake.Tests;

public class IntakeModuleTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_bring_what_is_stored_to_the_register_by_way_of_the_vault()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await using var services = ServicesOf(intake);
        await services.GetRequiredService<RegisterTables>()
            .EnsureAsync(intake.Databases.RegisterOwner, Catalogue, Cancellation);
        var workers = services.GetServices<IHostedService>().OfType<IntakeWorkers>().Single();
        await workers.StartAsync(Cancellation);

        var log = services.GetRequiredService<IntakeLog>();
        for (var i = 0; i < 40; i++)
        {
            // Every fourth message changes or deletes what an earlier one sent.
            var content = i % 4 == 3 ? Deletion($"avtale-{i - 1}") : Appointment($"avtale-{i / 2 * 2}", status: 1 + (
                i % 2));
            await log.StoreAsync(
                Message(content) with { Type = Catalogue.Find("HST_Avtale", "1")! }, Cancellation);
        }

        var get = services.GetRequiredService<CountSubmissions>();
        var counts = await get.CountAsync(DateTimeOffset.UnixEpoch, unit: null, Cancellation);
        for (var i = 0; i < 400 && counts.Merged < counts.Received && counts.SetAside == 0; i++)
        {
            await Task.Delay(50, Cancellation);
            counts = await get.CountAsync(DateTimeOffset.UnixEpoch, unit: null, Cancellation);
        }

        await workers.StopAsync(Cancellation);
        counts.ShouldBe(new SubmissionCounts(0, 0, 40, 40, 0, null));
        (await intake.OneAsync<long>("select count(*) from register.hst_avtale")).ShouldBe(10);
        (await intake.OneAsync<long>("select count(*) from register.batch where submission_id is not null")).ShouldBe(
            40);
    }

    [Fact]
    public async Task A_replay_into_the_register_leaves_newer_records_alone()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await using var services = ServicesOf(intake);
        await services.GetRequiredService<RegisterTables>()
            .EnsureAsync(intake.Databases.RegisterOwner, Catalogue, Cancellation);
        var type = Catalogue.Find("HST_Avtale", "1")!;
        var log = services.GetRequiredService<IntakeLog>();
        var old = (StoreOutcome.Stored)await log.StoreAsync(
            Message(Appointment("a", 1)) with { Type = type }, Cancellation);
        await intake.AllAsync<int>(
            "update intake.submission set type_version = '99' where submission_id = @SubmissionId", old);
        await log.StoreAsync(Message(Appointment("a", 2)) with { Type = type }, Cancellation);
        await MergeAllAsync(services);
        var status = "select oppmote_status from register.hst_avtale";
        (await intake.OneAsync<string>("select cause_code from intake.set_aside")).ShouldBe("INT-103");

        await intake.AllAsync<int>(
            "update intake.submission set type_version = '1' where submission_id = @SubmissionId", old);
        var outcome = await services.GetRequiredService<ReplaySubmission>().ReplayAsync(
            old.SubmissionId, new AccessGround(new Actor("user", "ansatt-1"), "drift"), Cancellation);
        await MergeAllAsync(services);

        outcome.ShouldBe(ReplayOutcome.Queued);
        (await intake.AllAsync<string>("select distinct state from intake.submission")).ShouldBe(["merged"]);
        (await intake.OneAsync<long>(status)).ShouldBe(2);
    }

    private static async Task MergeAllAsync(IServiceProvider services)
    {
        var step = services.GetRequiredService<MergeSubmissions>().NewWorker();
        while (await step(Cancellation))
        {
        }
    }

    // As the host puts the modules together, without web.
    private static ServiceProvider ServicesOf(TestIntake intake)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(intake.Databases.Register);
        services.AddSingleton(intake.Databases.Identity);
        services.AddSingleton(intake.Keys);
        services.AddSingleton(new VaultKeys(intake.Keys));
        services.AddSingleton(Catalogue);
        services.AddSingleton(PersonIdentifierPolicy.Test);
        services.AddAudit().AddIdentity().AddRegister().AddIntake().AddIntakeWorkers();
        return services.BuildServiceProvider();
    }

    private static string Appointment(string id, int status) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        [{"orgNr":{{{UnitA}}},"kommuneNr":1120,"avtale":[{"avtaleId":"{{{id}}}","datoTid":"2026-03-02T10:00:00+01:00",
        "oppmoteStatus":{{{status}}},"person":{"personId":"lokal-1"}}]}]
        """);

    private static string Deletion(string id) =>
        $$$"""[{"orgNr":{{{UnitA}}},"slettAvtale":[{"avtaleId":"{{{id}}}","erSlettet":true}]}]""";
}
