using Kilde.Intake.Bus;
using Kilde.Intake.Tests.Kit;
using Kilde.Platform.Development;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Bus;

/// <summary>The server of the bus stops, and comes back.</summary>
public sealed class BusRestartTests(PostgresServer postgres)
{
    [Fact]
    public async Task What_lay_on_the_bus_when_it_stopped_is_received_when_it_is_back()
    {
        Assert.SkipUnless(PrivateRabbit.IsInstalled, "There is no RabbitMQ on this machine.");
        var folder = Directory.CreateTempSubdirectory("kilde_bus_restart_");
        var first = await PrivateRabbit.StartAsync(
            new PrivateRabbitOptions(folder.FullName), TestIntake.Cancellation);
        var herIds = 200_000;
        await using var bus = await BusKit.StartAsync(postgres, first.Address, () => ++herIds);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await first.DisposeAsync();

        await Should.ThrowAsync<Exception>(() => bus.Queues.StepAsync(TestIntake.Cancellation));
        var second = await PrivateRabbit.StartAsync(
            new PrivateRabbitOptions(folder.FullName, Port: first.Port), TestIntake.Cancellation);
        second.Address.ShouldBe(first.Address);
        var received = 0L;
        while (received == 0)
        {
            await bus.Queues.StepAsync(TestIntake.Cancellation);
            received = await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission");
        }

        (await bus.Intake.Intake.OneAsync<string>("select state from intake.submission")).ShouldBe("received");
        await second.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
