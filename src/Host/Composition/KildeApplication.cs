using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Host.Feedback;
using Kilde.Identity;
using Kilde.Intake;
using Kilde.Intake.Judging;
using Kilde.Intake.Slash;
using Kilde.Intake.Slash.Findings;
using Kilde.Intake.Slash.Returning;
using Kilde.Kernel;
using Kilde.Platform;
using Kilde.Platform.SignIn;
using Kilde.Platform.Tokens;
using Kilde.Portal;
using Kilde.Quality;
using Kilde.Quality.Calendar;
using Kilde.Quality.Cases;
using Kilde.Register;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Host.Composition;

/// <summary>The composition root: which modules a process has, by its roles.</summary>
public static class KildeApplication
{
    /// <summary>A process with web endpoints and background workers, ready to run.</summary>
    /// <param name="definitions">What <see cref="ReadDefinitions"/> gave; null reads them when they are needed.</param>
    public static WebApplication Create(
        IConfiguration settings, KildeRoles roles, DefinitionCatalogue? definitions = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Configuration.AddConfiguration(settings);
        builder.Logging.AddConfiguration(settings.GetSection("Logging"));
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(SlashRequests.Limit);

        AddCore(builder.Services, settings, definitions);
        if (roles.HasFlag(KildeRoles.Intake)) builder.Services.AddIntakeChannels();
        if (roles.HasFlag(KildeRoles.Portal)) builder.Services.AddPortal();
        if (roles.HasFlag(KildeRoles.Worker))
        {
            builder.Services.AddAuditWorkers();
            builder.Services.AddIdentityWorkers();
            builder.Services.AddRegisterWorkers();
            builder.Services.AddIntakeWorkers();
            builder.Services.AddQualityWorkers();
        }

        var application = builder.Build();
        if (roles.HasFlag(KildeRoles.Intake)) application.UseSlashRequests();
        if (roles.HasFlag(KildeRoles.Portal)) application.UsePortal();
        application.MapHealth();
        if (roles.HasFlag(KildeRoles.Intake)) application.MapSlash();
        if (roles.HasFlag(KildeRoles.Portal)) application.MapPortal();
        return application;
    }

    /// <summary>The modules without web and workers, for a command that does one thing and ends.</summary>
    /// <param name="definitions">What <see cref="ReadDefinitions"/> gave; null reads them when they are needed.</param>
    public static ServiceProvider CreateServices(IConfiguration settings, DefinitionCatalogue? definitions = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(settings);
        services.AddLogging(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddConsole());
        AddCore(services, settings, definitions);
        return services.BuildServiceProvider();
    }

    /// <summary>Brings the record tables up to the definitions. Run once by whoever migrates.</summary>
    /// <param name="registerOwner">Connection string to the register as its owner.</param>
    public static async Task EnsureTablesAsync(
        IServiceProvider services, string registerOwner, CancellationToken cancellation)
    {
        await using var owner = NpgsqlDataSource.Create(registerOwner);
        await services.GetRequiredService<RegisterTables>()
            .EnsureAsync(owner, services.GetRequiredService<DefinitionCatalogue>(), cancellation);
    }

    /// <summary>
    /// The definitions that the settings point to. They take a second or two to read, which whoever starts a site can
    /// do while the databases start.
    /// </summary>
    public static DefinitionCatalogue ReadDefinitions(IConfiguration settings) => DefinitionCatalogue.Load(
        settings["Definitions:Folder"] ?? KildeSettings.DefinitionsFolder, settings["Definitions:CodeSystems"]);

    private static void AddCore(
        IServiceCollection services, IConfiguration settings, DefinitionCatalogue? definitions)
    {
        services.AddSingleton(_ => definitions ?? ReadDefinitions(settings));
        services.AddSingleton(IdentifierPolicyOf(settings));
        services.AddPlatform();
        services.AddAudit();
        services.AddIdentity();
        services.AddRegister();
        services.AddIntake();
        AddFeedback(services);
        services.AddSingleton<IFindingDialogue, FindingDialogue>();
        // Only a node that may ask the vault can give records with their identity.
        if (settings["Platform:IdentityConnection"] is { Length: > 0 })
        {
            services.AddSingleton<IRecordReturn, RecordReturn>();
            services.AddSingleton<IStandingReturns, StandingReturns>();
        }
    }

    // Intake and Quality do not know each other: what one tells the other goes through here.
    private static void AddFeedback(IServiceCollection services)
    {
        services.AddSingleton<ISubmissionTally, FeedbackTally>();
        services.AddSingleton<IContactCheck, DeliverabilityCheck>();
        services.AddSingleton<ICaseSource, FinishedCases>();
        services.AddSingleton<IReportingObligations, ConfiguredObligations>();
        services.AddQuality();
    }

    // The safe side: a system that is not told to be a test system takes real people only.
    private static PersonIdentifierPolicy IdentifierPolicyOf(IConfiguration settings) => settings["Identifiers"] switch
    {
        null or "real" => PersonIdentifierPolicy.Production,
        "synthetic" => PersonIdentifierPolicy.Test,
        var other => throw new InvalidOperationException(
            $"The setting Identifiers is '{other}'; it is 'real' in production and 'synthetic' in a test system."),
    };

    private static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", () => TypedResults.Text("ok")).AllowAnonymous();
}
