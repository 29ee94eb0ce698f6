using System.Data;
using Dapper;
using Kilde.Kernel;

namespace Kilde.Platform.Databases;

/// <summary>How rows become records: snake_case fills PascalCase, and our own types travel as themselves.</summary>
/// <remarks>There is no handler for <see cref="PersonIdentifier"/>, on purpose: reveal it or don't.</remarks>
public static class DapperConventions
{
    public static void Apply()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new OrganizationNumberHandler());
        SqlMapper.AddTypeHandler(new PersonKeyHandler());
        SqlMapper.AddTypeHandler(new IdentifierKeyHandler());
    }

    // Npgsql reads timestamptz as a UTC DateTime; the code says DateTimeOffset, which cannot lose its offset.
    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => new((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.ToUniversalTime();
    }

    private sealed class OrganizationNumberHandler : SqlMapper.TypeHandler<OrganizationNumber>
    {
        public override OrganizationNumber Parse(object value) => OrganizationNumber.Parse((string)value);

        public override void SetValue(IDbDataParameter parameter, OrganizationNumber value) =>
            parameter.Value = value.ToString();
    }

    private sealed class PersonKeyHandler : SqlMapper.TypeHandler<PersonKey>
    {
        public override PersonKey Parse(object value) => new((long)value);

        public override void SetValue(IDbDataParameter parameter, PersonKey value) => parameter.Value = value.Value;
    }

    private sealed class IdentifierKeyHandler : SqlMapper.TypeHandler<IdentifierKey>
    {
        public override IdentifierKey Parse(object value) => new((long)value);

        public override void SetValue(IDbDataParameter parameter, IdentifierKey value) => parameter.Value = value.Value;
    }
}
