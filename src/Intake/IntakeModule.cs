using Kilde.Audit;
using Kilde.Intake.Admission;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Kilde.Intake.Slash;
using Kilde.Platform.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Intake;

/// <summary>Takes messages in, keeps them safe, and brings them to the register.</summary>
public static class IntakeModule
{
    /// <summary>Tables of schema <c>intake</c>, in the register database.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(typeof(IntakeModule).Assembly, "intake");

    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddOptions<IntakeOptions>().BindConfiguration("Intake").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PayloadCipher>();
        services.AddSingleton<MergeSignal>();
        services.AddSingleton(provider => new IntakeLog(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<PayloadCipher>(), provider.GetRequiredService<MergeSignal>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<IntakeOptions>>(),
            provider.GetRequiredService<ILogger<IntakeLog>>()));
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<SenderDirectory>();
        services.AddSingleton<ConfigureSender>();
        services.AddSingleton<EndObligation>();
        services.AddSingleton<ReplaySubmission>();
        services.AddSingleton<FindSubmissions>();
        services.AddSingleton<GetSubmission>();
        services.AddSingleton<CountSubmissions>();
        services.AddSingleton<SubmissionEvents>();
        services.AddSingleton<FindSenders>();
        services.AddSingleton<GetSeries>();
        services.AddSlash();
        return services;
    }
}
