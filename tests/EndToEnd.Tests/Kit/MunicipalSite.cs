using Kilde.Host.Up;
using Kilde.Platform.Development;

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>Kilde with the synthetic trusts and municipalities registered as parties.</summary>
public sealed class MunicipalSite : IAsyncLifetime
{
    public IReadOnlyList<TestUser> Users { get; init; } = [];

    public KildeSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await KildeSite.StartAsync(TestContext.Current.CancellationToken, users: Users);
        await Site.UseAsync(services => BusSenders.RegisterAsync(
            services, BusSenders.FolderIn(Site.Folder), TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (Site is not null) await Site.DisposeAsync();
    }
}
