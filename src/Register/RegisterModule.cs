using Kilde.Platform.Databases;
using Kilde.Register.Merging;
using Kilde.Register.Persons;
using Kilde.Register.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Register;

/// <summary>Records with a full history, the change feed, and what was known when.</summary>
public static class RegisterModule
{
    /// <summary>For the register's database.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(typeof(RegisterModule).Assembly, "register");

    public static IServiceCollection AddRegister(this IServiceCollection services)
    {
        services.AddOptions<RegisterOptions>()
            .BindConfiguration("Register").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RegisterTables>();
        services.AddSingleton<FollowPersonChanges>();
        services.AddSingleton<RegisterMerge>();
        return services;
    }
}
